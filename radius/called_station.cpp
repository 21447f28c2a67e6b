#include "radius/called_station.hpp"

namespace hourglass::radius {
namespace {

constexpr std::size_t mac_characters_max = 17;

}  // namespace

std::optional<Station> parse_station(std::string_view text) {
    if (const auto mac = parse_mac_address(text)) return Station{*mac, {}};
    for (auto colon = text.find(':'); colon <= mac_characters_max; colon = text.find(':', colon + 1)) {
        if (const auto mac = parse_mac_address(text.substr(0, colon)))
            return Station{*mac, text.substr(colon + 1)};
    }
    return std::nullopt;
}

}  // namespace hourglass::radius

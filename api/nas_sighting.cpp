#include "api/nas_sighting.hpp"

#include "store/decimal.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::string_view drop_prefix = "drop_";
constexpr auto shown_counts =
    std::to_array<std::string_view>({"access_requests", "accounting_requests", "status_requests", "repeats",
                                     "access_accepts", "access_rejects", "accounting_responses"});

bool is_vendor(std::string_view word) {
    return word.starts_with(store::Sighting::vendor_prefix);
}

}  // namespace

awaitable<void> gather_sightings(Context& context) {
    const auto& hook = context.environment.health.gather_sightings;
    if (hook) co_await hook();
}

json show_traffic(const store::Sighting& sighting) {
    auto traffic = json::object();
    for (const auto count : shown_counts) {
        const auto found = sighting.counts.find(std::string(count));
        traffic[std::string(count)] = found == sighting.counts.end() ? 0 : found->second;
    }
    auto drops = json::object();
    for (const auto& [what, count] : sighting.counts) {
        if (what.starts_with(drop_prefix)) drops[what.substr(drop_prefix.size())] = count;
    }
    traffic["drops"] = std::move(drops);
    return traffic;
}

std::set<std::string> traits_of(const store::Sighting& sighting) {
    auto traits = sighting.words;
    std::erase_if(traits, is_vendor);
    return traits;
}

json show_vendors(const store::Sighting& sighting) {
    std::vector<std::uint32_t> vendors;
    for (const auto& word : sighting.words) {
        const auto number =
            std::string_view(word).substr(is_vendor(word) ? store::Sighting::vendor_prefix.size() : 0);
        if (const auto vendor = store::parse_decimal<std::uint32_t>(number)) vendors.push_back(*vendor);
    }
    std::ranges::sort(vendors);
    return vendors;
}

}  // namespace hourglass::api

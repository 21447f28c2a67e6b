#include "api/peer.hpp"

#include "api/text.hpp"

#include <algorithm>

namespace hourglass::api {

using boost::asio::ip::address_v6;

namespace {

std::vector<std::string> forwarded_hops(const Header& header) {
    std::vector<std::string> hops;
    const auto [first, last] = header.equal_range("X-Forwarded-For");
    for (auto field = first; field != last; ++field) {
        std::string_view list = field->value();
        while (!list.empty()) {
            const auto hop = list.substr(0, list.find(','));
            list.remove_prefix(std::min(hop.size() + 1, list.size()));
            hops.emplace_back(trim(hop));
        }
    }
    return hops;
}

}  // namespace

bool is_trusted(const address& peer, const std::vector<address>& proxies) {
    return std::ranges::find(proxies, peer) != proxies.end();
}

address client_address(const address& peer, const Header& header, const std::vector<address>& proxies) {
    if (!is_trusted(peer, proxies)) return peer;
    const auto hops = forwarded_hops(header);
    auto client = peer;
    for (auto hop = hops.rbegin(); hop != hops.rend() && is_trusted(client, proxies); ++hop) {
        error_code error;
        const auto said = boost::asio::ip::make_address(*hop, error);
        if (error) break;
        client = said;
    }
    return client;
}

address share_of(const address& client) {
    if (client.is_v4()) return client;
    const auto v6 = client.to_v6();
    if (v6.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6);
    auto octets = v6.to_bytes();
    std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
    return address_v6(octets);
}

}  // namespace hourglass::api

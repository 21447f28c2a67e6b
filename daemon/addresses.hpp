// Addresses as settings write them: "192.0.2.1:1812", "[2001:db8::1]:1812", "192.0.2.0/24". No names are
// looked up: what a daemon listens on must not depend on DNS.
#pragma once

#include "store/network.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::daemon {

struct AddressAndPort {
    boost::asio::ip::address address;
    std::uint16_t port{};

    bool operator==(const AddressAndPort&) const = default;
};

std::optional<boost::asio::ip::address> parse_address(std::string_view text);
std::optional<AddressAndPort> parse_address_and_port(std::string_view text);

using store::parse_network;

// For texts that have been checked already.
template <class Endpoint>
std::vector<Endpoint> to_endpoints(const std::vector<std::string>& texts) {
    std::vector<Endpoint> endpoints;
    for (const auto& text : texts) {
        const auto parsed = parse_address_and_port(text).value();
        endpoints.emplace_back(parsed.address, parsed.port);
    }
    return endpoints;
}

}  // namespace hourglass::daemon

// An address or a prefix of addresses, in the one form in which it is compared, kept and shown: IPv4-mapped
// IPv6 is IPv4, a lone address is a prefix of all its bits.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hourglass::store {

struct Network {
    boost::asio::ip::address address;
    unsigned prefix_length{};  // that of a lone address is 32 or 128

    bool operator==(const Network&) const = default;
};

// nullopt for what is no address, for zones ("%eth0"), and for a length that the family does not have. Bits
// beyond the length may be set.
std::optional<Network> parse_prefix(std::string_view text);
// Refuses a prefix with bits set beyond its length: one of the two is a mistake.
std::optional<Network> parse_network(std::string_view text);

// The same prefix with the bits beyond its length cleared.
Network masked(const Network& network);
// An IPv4-mapped IPv6 address is looked for as IPv4.
bool contains(const Network& network, const boost::asio::ip::address& address);

// "192.0.2.1" or "192.0.2.0/24".
std::string to_text(const Network& network);

}  // namespace hourglass::store

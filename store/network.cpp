#include "store/network.hpp"

#include "store/decimal.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned ipv4_bits = 32;
constexpr unsigned ipv6_bits = 128;
constexpr unsigned mapped_prefix_length = 96;  // ::ffff:0:0/96

unsigned bits_of(const ip::address& address) {
    return address.is_v4() ? ipv4_bits : ipv6_bits;
}

template <class Bytes>
Bytes first_bits(Bytes bytes, unsigned length) {
    for (unsigned i = 0; i < bytes.size(); ++i) {
        const auto kept = std::clamp(static_cast<int>(length) - static_cast<int>(8 * i), 0, 8);
        bytes[i] &= static_cast<std::uint8_t>(0xff00 >> kept);
    }
    return bytes;
}

ip::address first_bits(const ip::address& address, unsigned length) {
    if (address.is_v4()) return ip::address_v4(first_bits(address.to_v4().to_bytes(), length));
    return ip::address_v6(first_bits(address.to_v6().to_bytes(), length));
}

bool is_mapped(const ip::address& address) {
    return address.is_v6() && address.to_v6().is_v4_mapped();
}

ip::address unmapped(const ip::address& address) {
    return is_mapped(address) ? make_address_v4(ip::v4_mapped, address.to_v6()) : address;
}

}  // namespace

std::optional<Network> parse_prefix(std::string_view text) {
    const auto slash = text.find('/');
    boost::system::error_code failure;
    const auto address = ip::make_address(text.substr(0, slash), failure);
    const bool has_zone = text.find('%') != text.npos;
    if (failure || has_zone) return std::nullopt;

    const auto length = slash == text.npos ? std::optional(bits_of(address))
                                           : parse_decimal<unsigned>(text.substr(slash + 1));
    if (!length || *length > bits_of(address)) return std::nullopt;
    if (is_mapped(address) && *length >= mapped_prefix_length)
        return Network{unmapped(address), *length - mapped_prefix_length};
    return Network{address, *length};
}

std::optional<Network> parse_network(std::string_view text) {
    auto network = parse_prefix(text);
    if (!network || masked(*network) != *network) return std::nullopt;
    return network;
}

Network masked(const Network& network) {
    return {first_bits(network.address, network.prefix_length), network.prefix_length};
}

bool contains(const Network& network, const ip::address& address) {
    const auto plain = unmapped(address);
    return plain.is_v4() == network.address.is_v4() &&
           first_bits(plain, network.prefix_length) == masked(network).address;
}

std::string to_text(const Network& network) {
    const auto address = network.address.to_string();
    const bool is_lone = network.prefix_length == bits_of(network.address);
    return is_lone ? address : address + "/" + std::to_string(network.prefix_length);
}

}  // namespace hourglass::store

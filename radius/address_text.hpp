// An address as people write it, without an allocation where it is IPv4: each report names several.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <charconv>
#include <string>
#include <string_view>

namespace hourglass::radius {

// The text lives as long as this.
class AddressText {
public:
    AddressText() = default;  // empty
    explicit AddressText(const boost::asio::ip::address_v4& address) {
        auto* end = ipv4_.data();
        for (const auto number : address.to_bytes()) {
            if (end != ipv4_.data()) *end++ = '.';
            end = std::to_chars(end, ipv4_.data() + ipv4_.size(), number).ptr;
        }
        ipv4_octets_ = static_cast<std::size_t>(end - ipv4_.data());
    }
    explicit AddressText(const boost::asio::ip::address_v6& address) : ipv6_(address.to_string()) {}
    explicit AddressText(const boost::asio::ip::address& address)
        : AddressText(address.is_v4() ? AddressText(address.to_v4()) : AddressText(address.to_v6())) {}

    operator std::string_view() const {
        return ipv4_octets_ > 0 ? std::string_view(ipv4_.data(), ipv4_octets_) : std::string_view(ipv6_);
    }

private:
    std::array<char, sizeof "255.255.255.255"> ipv4_{};
    std::size_t ipv4_octets_ = 0;
    std::string ipv6_;
};

}  // namespace hourglass::radius

// Packets for tests: from hexadecimal, from tests/data, or put together attribute by attribute.
#pragma once

#include "radius/authenticator.hpp"

#include <boost/algorithm/hex.hpp>

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::test {

using radius::Bytes;
using Octets = std::vector<std::uint8_t>;

inline Octets from_hex(std::string_view digits) {
    Octets octets;
    boost::algorithm::unhex(digits, std::back_inserter(octets));
    return octets;
}

template <std::size_t size>
std::array<std::uint8_t, size> array_from_hex(std::string_view digits) {
    const auto octets = from_hex(digits);
    if (octets.size() != size) throw std::invalid_argument("not that many octets");
    std::array<std::uint8_t, size> array;
    std::ranges::copy(octets, array.begin());
    return array;
}

// An attribute as it stands in a packet.
inline Octets attribute(std::uint8_t type, Bytes value) {
    Octets octets{type, static_cast<std::uint8_t>(value.size() + 2)};
    octets.insert(octets.end(), value.begin(), value.end());
    return octets;
}
inline Octets attribute(radius::Attribute<radius::Text> type, std::string_view value) {
    return attribute(type.type, radius::as_bytes(value));
}
inline Octets attribute(radius::Attribute<radius::Octets> type, Bytes value) {
    return attribute(type.type, value);
}
inline Octets attribute(radius::Attribute<radius::Integer> type, std::uint32_t value) {
    return attribute(type.type, radius::integer_octets(value));
}
inline Octets attribute(radius::Attribute<radius::Date> type, std::uint32_t value) {
    return attribute(type.type, radius::integer_octets(value));
}
inline Octets attribute(radius::Attribute<radius::Ipv4> type, const char* value) {
    return attribute(type.type, boost::asio::ip::make_address_v4(value).to_bytes());
}
inline Octets attribute(radius::Attribute<radius::Ipv6> type, const char* value) {
    return attribute(type.type, boost::asio::ip::make_address_v6(value).to_bytes());
}
inline Octets attribute(radius::VendorAttribute<radius::Octets> type, Bytes value) {
    auto inner = attribute(type.type, value);
    const auto vendor = radius::integer_octets(type.vendor);
    inner.insert(inner.begin(), vendor.begin(), vendor.end());
    return attribute(radius::attr::vendor_specific, inner);
}

// A packet with the Request Authenticator 00 01 02 ... 0f, unsigned.
inline Octets packet(radius::Code code, std::initializer_list<Octets> attributes) {
    Octets octets{static_cast<std::uint8_t>(code), 42, 0, 0};
    for (std::uint8_t i = 0; i < 16; ++i)
        octets.push_back(i);
    for (const auto& each : attributes)
        octets.insert(octets.end(), each.begin(), each.end());
    octets[2] = static_cast<std::uint8_t>(octets.size() >> 8);
    octets[3] = static_cast<std::uint8_t>(octets.size());
    return octets;
}

// tests/data/nas_packets.txt.
inline std::map<std::string, Octets> nas_packets() {
    std::map<std::string, Octets> packets;
    std::ifstream file(HOURGLASS_TEST_DATA "/nas_packets.txt");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string name;
        std::string digits;
        if (line.starts_with('#') || !(words >> name >> digits)) continue;
        packets.emplace(name, from_hex(digits));
    }
    if (packets.empty()) throw std::runtime_error("no packets in " HOURGLASS_TEST_DATA "/nas_packets.txt");
    return packets;
}

}  // namespace hourglass::test

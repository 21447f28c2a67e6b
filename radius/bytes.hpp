// Octets as they travel: a view that owns nothing, and big-endian integers in and out of it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace hourglass::radius {

using Bytes = std::span<const std::uint8_t>;

// Of a packet; also the key that a reply is bound to its request by.
using Authenticator = std::array<std::uint8_t, 16>;

inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Of 1 to 8 octets, network order.
inline std::uint64_t read_integer(Bytes bytes) {
    std::uint64_t value = 0;
    for (const auto octet : bytes)
        value = value << 8 | octet;
    return value;
}

inline std::array<std::uint8_t, 4> integer_octets(std::uint32_t value) {
    return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
            static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

}  // namespace hourglass::radius

// MAC addresses as NASes write them: twelve hexadecimal digits of either case, in groups of two, four or six
// with
// '-', ':' or '.' between them, or in one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::radius {

using MacAddress = std::array<std::uint8_t, 6>;

// nullopt: not a MAC address, in no spelling.
std::optional<MacAddress> parse_mac_address(std::string_view text);

// The spelling that we prefer: "00-1a-2b-3c-4d-5e".
std::string to_text(const MacAddress& address);

// Those in use, of both cases.
std::vector<std::string> spellings(const MacAddress& address);

}  // namespace hourglass::radius

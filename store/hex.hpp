// Octets as lower-case hexadecimal digits and back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hourglass::store {

std::string to_hex(std::span<const std::uint8_t> octets);
std::string to_hex(std::string_view octets);

// Fills `octets`; false unless `digits` are exactly its hexadecimal digits, of either case.
bool from_hex(std::string_view digits, std::span<std::uint8_t> octets);

}  // namespace hourglass::store

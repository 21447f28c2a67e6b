#include "store/hex.hpp"

#include <cstddef>

namespace hourglass::store {
namespace {

std::optional<unsigned> digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
    return std::nullopt;
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> octets) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(octets.size() * 2);
    for (const auto octet : octets) {
        text += digits[octet >> 4];
        text += digits[octet & 15];
    }
    return text;
}

std::string to_hex(std::string_view octets) {
    return to_hex({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

bool from_hex(std::string_view digits, std::span<std::uint8_t> octets) {
    if (digits.size() != octets.size() * 2) return false;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const auto high = digit_value(digits[2 * i]);
        const auto low = digit_value(digits[2 * i + 1]);
        if (!high || !low) return false;
        octets[i] = static_cast<std::uint8_t>(*high << 4 | *low);
    }
    return true;
}

}  // namespace hourglass::store

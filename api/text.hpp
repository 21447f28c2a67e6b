// Strings as Python's str sees them: trimmed of Unicode's white space, measured in characters. Everything
// here is UTF-8 that was checked before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::api {

std::string_view trim(std::string_view text);
std::size_t count_characters(std::string_view text);

// ASCII letters in any case.
bool equals_ignoring_case(std::string_view a, std::string_view b);

// A whole number as Python's int() reads it: white space round it, a sign, "_" between digits; and ".0" after
// it as DRF allows. Beyond 64 bits it is the nearest that fits.
struct WholeNumber {
    std::int64_t value{};
    bool is_exact{};
};
std::optional<WholeNumber> parse_whole_number(std::string_view text);

// "5" as an id in a path: digits only, within 64 bits.
std::optional<std::int64_t> parse_id(std::string_view text);

// A double as Python's str() shows it: 5.0, 1e+16.
std::string show_float(double value);

}  // namespace hourglass::api

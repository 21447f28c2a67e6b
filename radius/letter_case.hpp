// Names that are the same in any case of (ASCII) letters, as those in dictionary files are.
#pragma once

#include <algorithm>
#include <string_view>

namespace hourglass::radius {

constexpr char to_lower_ascii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, to_lower_ascii, to_lower_ascii);
}

}  // namespace hourglass::radius

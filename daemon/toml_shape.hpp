// What toml11 must not be given: it reads beyond a text that is no UTF-8, calls itself once for each level of
// brackets, and takes the square of a dotted key's length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::daemon {

inline constexpr std::size_t toml_line_octets_max = 8192;
inline constexpr int toml_nesting_max = 32;  // of arrays and inline tables in each other

struct ShapeMistake {
    std::uint32_t line;  // from 1
    std::string sentence;
};

// The first thing for which a text is refused before it is parsed; nullopt: none.
std::optional<ShapeMistake> find_shape_mistake(std::string_view toml);

}  // namespace hourglass::daemon

// Values packed into one text, as scripts and records keep them: words between spaces, and parts behind their
// length. What is taken leaves the view; it lives as long as the text.
#pragma once

#include "store/decimal.hpp"

namespace hourglass::store {

inline void append_with_length(std::string& text, std::string_view part) {
    text.append(std::to_string(part.size())).append(":").append(part);
}

// nullopt unless the text begins with a length and holds as much.
inline std::optional<std::string_view> take_with_length(std::string_view& text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto length = parse_decimal<std::size_t>(text.substr(0, colon));
    text.remove_prefix(colon + 1);
    if (!length || *length > text.size()) return std::nullopt;
    const auto part = text.substr(0, *length);
    text.remove_prefix(*length);
    return part;
}

inline std::string_view take_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

// False if the next word is no number that fits.
template <std::integral Number>
bool take_number(std::string_view& text, Number& number) {
    const auto parsed = parse_decimal<Number>(take_word(text));
    if (parsed) number = *parsed;
    return parsed.has_value();
}

}  // namespace hourglass::store

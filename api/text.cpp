#include "api/text.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <locale>

namespace hourglass::api {
namespace {

// What str.strip() takes away, as UTF-8.
constexpr auto white_space = std::to_array<std::string_view>({
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",   "\x1d",   "\x1e",   "\x1f",
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
});

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::string_view trim(std::string_view text) {
    const auto starts = [&](std::string_view space) { return text.starts_with(space); };
    const auto ends = [&](std::string_view space) { return text.ends_with(space); };
    for (auto found = std::ranges::find_if(white_space, starts); found != white_space.end();
         found = std::ranges::find_if(white_space, starts)) {
        text.remove_prefix(found->size());
    }
    for (auto found = std::ranges::find_if(white_space, ends); found != white_space.end();
         found = std::ranges::find_if(white_space, ends)) {
        text.remove_suffix(found->size());
    }
    return text;
}

std::size_t count_characters(std::string_view text) {
    const auto is_first_octet = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return static_cast<std::size_t>(std::ranges::count_if(text, is_first_octet));
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return boost::algorithm::iequals(a, b, std::locale::classic());
}

std::optional<WholeNumber> parse_whole_number(std::string_view text) {
    text = trim(text);
    if (const auto point = text.find('.'); point != text.npos) {
        if (text.find_first_not_of('0', point + 1) != text.npos) return std::nullopt;
        text = text.substr(0, point);
    }
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;

    std::string digits(is_negative ? "-" : "");
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_separator = text[at] == '_' && at > 0 && is_digit(text[at - 1]) && at + 1 < text.size();
        if (!is_digit(text[at]) && !is_separator) return std::nullopt;
        if (!is_separator) digits += text[at];
    }

    using Limits = std::numeric_limits<std::int64_t>;
    std::int64_t value = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (parsed.ec == std::errc{}) return WholeNumber{value, true};
    return WholeNumber{is_negative ? Limits::min() : Limits::max(), false};
}

std::optional<std::int64_t> parse_id(std::string_view text) {
    std::int64_t id = 0;
    if (!std::ranges::all_of(text, is_digit)) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return id;
}

std::string show_float(double value) {
    // repr() turns to an exponent below 1e-4 and from 1e16 on.
    const auto size = std::abs(value);
    const bool is_plain = size == 0 || (size >= 1e-4 && size < 1e16);
    std::array<char, 64> buffer{};
    const auto shown = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     is_plain ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text(buffer.data(), shown.ptr);
    if (is_plain && text.find('.') == std::string::npos) text += ".0";
    return text;
}

}  // namespace hourglass::api

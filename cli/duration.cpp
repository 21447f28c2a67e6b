#include "cli/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace hourglass::cli {

namespace {

struct Unit {
    char letter;
    std::int64_t seconds;
};

constexpr std::array units{
    Unit{'d', 86'400},
    Unit{'h', 3'600 },
    Unit{'m', 60    },
    Unit{'s', 1     }
};

// Takes the number that `text` begins with off it.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::uint64_t number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > INT64_MAX) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return static_cast<std::int64_t>(number);
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    std::int64_t total{};
    auto unit = units.begin();
    do {
        const auto number = take_number(text);
        if (!number) return std::nullopt;
        if (text.empty() && unit == units.begin()) return std::chrono::seconds(*number);

        while (unit != units.end() && (text.empty() || unit->letter != text.front()))
            ++unit;
        if (unit == units.end()) return std::nullopt;
        std::int64_t part{};
        if (__builtin_mul_overflow(*number, unit->seconds, &part)) return std::nullopt;
        if (__builtin_add_overflow(total, part, &total)) return std::nullopt;
        text.remove_prefix(1);
        ++unit;
    } while (!text.empty());
    return std::chrono::seconds(total);
}

std::optional<std::chrono::seconds> parse_signed_duration(std::string_view text) {
    const bool has_sign = text.starts_with('+') || text.starts_with('-');
    const auto duration = parse_duration(text.substr(has_sign ? 1 : 0));
    return duration && text.starts_with('-') ? -*duration : duration;
}

std::string format_duration(std::chrono::seconds duration) {
    auto left = duration.count();
    std::string text;
    for (const auto& unit : units) {
        const auto number = left / unit.seconds;
        left %= unit.seconds;
        if (number == 0) continue;
        if (!text.empty()) text += ' ';
        const auto digits = std::to_string(number);
        text += digits.substr(!text.empty() && number < 0 ? 1 : 0) + unit.letter;
    }
    return text.empty() ? "0s" : text;
}

}  // namespace hourglass::cli

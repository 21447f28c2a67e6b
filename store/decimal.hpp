// Decimal numbers as texts: how Redis and the records carry them.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::store {

// nullopt unless the whole text is one number that fits.
template <std::integral Number = std::int64_t>
std::optional<Number> parse_decimal(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// What scripts count with, Lua's doubles, is exact up to here, and sums of a few do not overflow.
inline constexpr std::int64_t exact_max = std::int64_t{1} << 53;

// The nearest number that is exact: a damaged record must not make nonsense of our arithmetic.
constexpr std::int64_t exact(std::int64_t number) {
    return std::clamp(number, -exact_max, exact_max);
}

// A time as records keep it, seconds since 1970 with or without a fraction: the whole second it is in.
inline std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
    const auto seconds = parse_decimal(text.substr(0, text.find('.')));
    if (!seconds) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(*seconds));
}

// Seconds since 1970.
inline std::string decimal(std::chrono::sys_seconds time) {
    return std::to_string(time.time_since_epoch().count());
}

inline std::string decimal_or_empty(std::optional<std::uint64_t> number) {
    return number ? std::to_string(*number) : std::string();
}

}  // namespace hourglass::store

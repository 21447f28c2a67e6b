#include "cli/figures.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace hourglass::cli {

namespace {

constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
constexpr double unit_step = 1024;

// With a digit behind the point where there are few before it.
std::string with_digits(double number, int digits) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, number);
    return text.data();
}

}  // namespace

std::string with_commas(std::uint64_t number) {
    auto digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

std::string format_octets(std::uint64_t octets) {
    auto number = static_cast<double>(octets);
    std::size_t unit = 0;
    while (number >= unit_step && unit + 1 < units.size()) {
        number /= unit_step;
        ++unit;
    }
    return with_digits(number, unit > 0 && number < 10 ? 1 : 0) + " " + units[unit];
}

std::string format_latency(std::chrono::duration<double> latency) {
    const auto milliseconds = latency.count() * 1e3;
    if (milliseconds >= 1e3) return with_digits(latency.count(), 1) + " s";
    return with_digits(milliseconds, milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0) + " ms";
}

std::string format_rate(double a_second) {
    if (a_second > 0 && a_second < 10) return with_digits(a_second, 1) + "/s";
    return with_commas(static_cast<std::uint64_t>(std::llround(std::max(a_second, 0.0)))) + "/s";
}

}  // namespace hourglass::cli

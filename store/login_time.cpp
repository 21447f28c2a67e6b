#include "store/login_time.hpp"

#include "store/decimal.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace hourglass::store {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr unsigned minutes_per_day = 24 * 60;
constexpr Seconds week = days(7);
constexpr std::size_t range_characters = 9;  // hhmm-hhmm

using Days = std::bitset<7>;  // Sunday first
using Minutes = std::bitset<minutes_per_day * 7>;

struct DayName {
    std::string_view name;  // in lower case
    unsigned long long days;
};

constexpr auto day_names = std::to_array<DayName>({
    {"su",  0b0000001},
    {"mo",  0b0000010},
    {"tu",  0b0000100},
    {"we",  0b0001000},
    {"th",  0b0010000},
    {"fr",  0b0100000},
    {"sa",  0b1000000},
    {"wk",  0b0111110},
    {"any", 0b1111111},
    {"al",  0b1111111},
});

bool begins_with(std::string_view text, std::string_view lower_case_name) {
    return text.size() >= lower_case_name.size() &&
           std::equal(lower_case_name.begin(), lower_case_name.end(), text.begin(), [](char name, char c) {
               return name == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
           });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Takes the days off the beginning of the text; none if it does not begin with any.
Days take_days(std::string_view& text) {
    Days days;
    for (;;) {
        const auto* const row =
            std::ranges::find_if(day_names, [&](const DayName& day) { return begins_with(text, day.name); });
        if (row == day_names.end()) return days;
        days |= Days(row->days);
        text.remove_prefix(row->name.size());
    }
}

// "0830" as minutes of the day, up to 2400.
std::optional<unsigned> parse_clock(std::string_view text) {
    const auto number = parse_decimal<unsigned>(text);
    if (!number || *number % 100 >= 60 || *number > 2400) return std::nullopt;
    return *number / 100 * 60 + *number % 100;
}

struct Range {
    unsigned begin;
    unsigned end;
};

std::optional<Range> parse_range(std::string_view text) {
    if (text.empty()) return Range{0, minutes_per_day};
    if (text.size() != range_characters || text[4] != '-') return std::nullopt;
    const auto begin = parse_clock(text.substr(0, 4));
    const auto end = parse_clock(text.substr(5));
    if (!begin || !end || *begin == *end) return std::nullopt;
    return Range{*begin, *end};
}

void allow(Minutes& allowed, Days days, Range range) {
    for (unsigned day = 0; day < days.size(); ++day) {
        if (!days[day]) continue;
        for (unsigned minute = 0; minute < minutes_per_day; ++minute) {
            const bool is_inside = range.begin < range.end ? range.begin <= minute && minute < range.end
                                                           : minute < range.end || range.begin <= minute;
            if (is_inside) allowed.set(day * minutes_per_day + minute);
        }
    }
}

Seconds time_of_week(Time now) {
    const auto day = std::chrono::floor<days>(now);
    return days(std::chrono::weekday(day).c_encoding()) + (now - day);
}

}  // namespace

boost::system::result<LoginTime, LoginTimeError> LoginTime::parse(std::string_view text) {
    Minutes allowed;
    for (;;) {
        const auto length = text.find_first_of(",|");
        const auto item = trimmed(text.substr(0, length));
        auto rest = item;
        const auto days = take_days(rest);
        if (days.none())
            return LoginTimeError{"\"" + std::string(item) +
                                  "\" does not begin with a day: Su, Mo, Tu, We, Th, Fr, Sa, Wk, Any or Al."};
        const auto range = parse_range(rest);
        if (!range)
            return LoginTimeError{"\"" + std::string(item) +
                                  "\" does not end in a range of hours such as 0800-1730."};
        allow(allowed, days, *range);
        if (length == text.npos) break;
        text.remove_prefix(length + 1);
    }

    LoginTime login_time;
    for (unsigned minute = 0; minute < allowed.size(); ++minute) {
        if (!allowed[minute]) continue;
        auto& windows = login_time.windows_;
        const Seconds begin = minutes(minute);
        if (windows.empty() || windows.back().end != begin) windows.push_back({begin, begin});
        windows.back().end = begin + minutes(1);
    }
    return login_time;
}

const LoginTime::Window* LoginTime::window_at(Seconds time) const {
    const auto found = std::ranges::find_if(
        windows_, [&](const Window& window) { return window.begin <= time && time < window.end; });
    return found == windows_.end() ? nullptr : &*found;
}

bool LoginTime::is_inside(Time now) const {
    return window_at(time_of_week(now)) != nullptr;
}

std::optional<Seconds> LoginTime::time_left(Time now) const {
    const auto time = time_of_week(now);
    const auto* const window = window_at(time);
    if (window == nullptr) return Seconds::zero();
    if (window->end < week) return window->end - time;

    const auto& next = windows_.front();
    if (next.begin > Seconds::zero()) return window->end - time;
    if (next.end == week) return std::nullopt;
    return window->end - time + next.end;
}

}  // namespace hourglass::store

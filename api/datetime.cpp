#include "api/datetime.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace hourglass::api {
namespace {

using std::chrono::microseconds;
constexpr long long microseconds_per_second = 1'000'000;

// Takes pieces off the front of a text; once one is missing, the rest is not looked at.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    // A number of `least` to `most` digits.
    int number(std::size_t least, std::size_t most) {
        const auto digits = take_digits(most);
        if (digits.size() < least) has_failed_ = true;
        int value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }

    // The digits after a decimal point as microseconds; what is finer is cut off.
    int fraction() {
        constexpr std::size_t digits_max = 12;
        auto digits = std::string(take_digits(digits_max));
        if (digits.empty()) has_failed_ = true;
        digits.resize(6, '0');
        int value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }

    bool skip_any_of(std::string_view characters) {
        if (rest_.empty() || characters.find(rest_.front()) == characters.npos) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect_any_of(std::string_view characters) {
        if (!skip_any_of(characters)) has_failed_ = true;
    }
    void skip_spaces() {
        while (skip_any_of(" \t\n\v\f\r")) {
        }
    }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool is_at_end() const { return rest_.empty() && !has_failed_; }

private:
    std::string_view take_digits(std::size_t most) {
        std::size_t length = 0;
        while (length < most && length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') {
            ++length;
        }
        const auto digits = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return digits;
    }

    std::string_view rest_;
    bool has_failed_ = false;
};

std::chrono::year_month_day read_date(Reader& reader) {
    const auto year = reader.number(4, 4);
    reader.expect_any_of("-");
    const auto month = reader.number(1, 2);
    reader.expect_any_of("-");
    const auto day = reader.number(1, 2);
    return {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
            std::chrono::day(static_cast<unsigned>(day))};
}

// "Z", "+02:00", "-0530", "+02" or nothing.
std::chrono::minutes read_zone(Reader& reader) {
    reader.skip_spaces();
    const char sign = reader.peek();
    if (reader.skip_any_of("Z") || !reader.skip_any_of("+-")) return {};
    const std::chrono::hours hours(reader.number(2, 2));
    const bool has_minutes = reader.skip_any_of(":") || reader.peek() != '\0';
    const std::chrono::minutes minutes(has_minutes ? reader.number(2, 2) : 0);
    return sign == '-' ? -(hours + minutes) : hours + minutes;
}

bool is_real_date(std::chrono::year_month_day date) {
    return date.ok() && date.year() >= std::chrono::year(1);
}

}  // namespace

boost::system::result<Moment, TimeError> parse_datetime(std::string_view text) {
    Reader reader(text);
    const auto date = read_date(reader);
    reader.expect_any_of("T ");
    const auto hour = reader.number(1, 2);
    reader.expect_any_of(":");
    const auto minute = reader.number(1, 2);
    const bool has_seconds = reader.skip_any_of(":");
    const auto second = has_seconds ? reader.number(1, 2) : 0;
    const auto fraction = has_seconds && reader.skip_any_of(".,") ? reader.fraction() : 0;
    const auto zone = read_zone(reader);

    const bool is_real = is_real_date(date) && hour < 24 && minute < 60 && second < 60;
    if (!reader.is_at_end() || !is_real || std::chrono::abs(zone) >= std::chrono::hours(24)) {
        return TimeError::wrong_format;
    }
    const Moment moment = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                          std::chrono::minutes(minute) + std::chrono::seconds(second) +
                          microseconds(fraction) - zone;
    const auto year = std::chrono::year_month_day(floor<std::chrono::days>(moment)).year();
    if (year < std::chrono::year(1) || year > std::chrono::year(9999)) return TimeError::out_of_range;
    return moment;
}

std::string show_datetime(Moment moment) {
    const auto day = floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(moment - day);
    std::array<char, 64> text{};
    const auto length =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    std::string shown(text.data(), static_cast<std::size_t>(length));
    if (const auto fraction = time.subseconds().count(); fraction != 0) {
        shown += "." + std::to_string(microseconds_per_second + fraction).substr(1);
    }
    return shown + "Z";
}

std::string store_datetime(Moment moment) {
    const auto count = moment.time_since_epoch().count();
    const auto size = std::abs(count);
    std::string stored = (count < 0 ? "-" : "") + std::to_string(size / microseconds_per_second);
    if (const auto fraction = size % microseconds_per_second; fraction != 0) {
        stored += "." + std::to_string(microseconds_per_second + fraction).substr(1);
    }
    return stored;
}

std::optional<Moment> read_stored_datetime(std::string_view stored) {
    const bool is_negative = stored.starts_with('-');
    if (is_negative) stored.remove_prefix(1);
    long long seconds = 0;
    const auto* const end = stored.data() + stored.size();
    const auto parsed = std::from_chars(stored.data(), end, seconds);
    if (parsed.ec != std::errc{}) return std::nullopt;
    Reader reader({parsed.ptr, end});
    const auto fraction = reader.skip_any_of(".") ? reader.fraction() : 0;
    if (!reader.is_at_end()) return std::nullopt;
    const auto since_epoch = std::chrono::seconds(seconds) + microseconds(fraction);
    return Moment(is_negative ? -since_epoch : since_epoch);
}

std::optional<std::string> parse_date(std::string_view text) {
    Reader reader(text);
    const auto date = read_date(reader);
    if (!reader.is_at_end() || !is_real_date(date)) return std::nullopt;
    const auto shown = show_datetime(Moment(std::chrono::sys_days(date)));
    return shown.substr(0, shown.find('T'));
}

}  // namespace hourglass::api

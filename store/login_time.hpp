// When a user may log in: UUCP's time strings, such as "Wk0800-1700,Sa" (weekdays from eight to five, and
// all of Saturday). All times are UTC.
//
// A list by commas or bars of days with a range each. Days are Su Mo Tu We Th Fr Sa, Wk (Monday to Friday),
// and Any or Al (every day); several may stand together, as in MoWeFr0900-1200. A range is hhmm-hhmm, its end
// excluded and 2400 allowed; no range is the whole day. As with UUCP a range that ends before it begins means
// the same day before the one and after the other: Wk2305-0855 is weekdays before 8:55 and from 23:05 on.
#pragma once

#include "store/record.hpp"

#include <boost/system/result.hpp>

namespace hourglass::store {

struct LoginTimeError {
    std::string sentence;
};

class LoginTime {
public:
    static boost::system::result<LoginTime, LoginTimeError> parse(std::string_view text);

    bool is_inside(Time now) const;
    // Until the window that `now` is in ends; nullopt: it never does. Zero outside of every window.
    std::optional<Seconds> time_left(Time now) const;

private:
    // Of a week that begins on Sunday, in order, neither overlapping nor touching.
    struct Window {
        Seconds begin;
        Seconds end;
    };
    const Window* window_at(Seconds time_of_week) const;

    std::vector<Window> windows_;
};

}  // namespace hourglass::store

// Times and dates between their three forms: what clients send, what the store keeps, what replies show.
#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::api {

// To the microsecond, in UTC, years 1 to 9999.
using Moment = std::chrono::sys_time<std::chrono::microseconds>;

enum class TimeError { wrong_format = 1, out_of_range };

// YYYY-MM-DD, "T" or a space, hh:mm, then optionally seconds, a fraction and a zone (none is UTC). A date
// alone is refused. out_of_range: the zone moves it out of the years 1 to 9999.
boost::system::result<Moment, TimeError> parse_datetime(std::string_view text);
// YYYY-MM-DDTHH:MM:SSZ, with six digits of a fraction if there is one.
std::string show_datetime(Moment moment);

// As the store keeps it: seconds since 1970 in decimal, with six digits of a fraction if there is one.
std::string store_datetime(Moment moment);
std::optional<Moment> read_stored_datetime(std::string_view stored);

// YYYY-MM-DD as it is shown, from text in which month and day may lack their zero; nullopt: no such day.
std::optional<std::string> parse_date(std::string_view text);

}  // namespace hourglass::api

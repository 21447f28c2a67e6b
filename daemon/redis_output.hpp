// What redis-server prints, as log events: "12:M 22 Nov 2026 16:20:00.123 # Out of memory" is a warning that
// says "Redis: Out of memory".
#pragma once

#include "store/log.hpp"

#include <string>
#include <string_view>

namespace hourglass::daemon {

struct RedisLine {
    LogLevel level{};
    std::string_view text;  // of the line it was parsed from
};

RedisLine parse_redis_line(std::string_view line);

// Gathers octets into lines and logs them; remembers the last line, for the sentence when Redis will not
// start.
class RedisOutput {
public:
    explicit RedisOutput(Log& log) : log_(log) {}

    void take(std::string_view octets);
    const std::string& last_line() const { return last_line_; }

private:
    void finish_line();

    Log& log_;
    std::string line_;
    std::string last_line_;
};

}  // namespace hourglass::daemon

// What running sessions' users have left, without asking for everybody all the time: between two readings of
// a balance it is worked out from how many sessions burn it.
#pragma once

#include "cli/json.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace hourglass::cli {

class TimeLeft {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t readings_per_round_max = 20;
    static constexpr std::chrono::seconds reading_good_for{15};

    // user_time of this user, null if he is not metered; throws Failure if he is gone.
    using ReadBalance = std::function<Json(std::int64_t user)>;
    explicit TimeLeft(ReadBalance read_balance) : read_balance_(std::move(read_balance)) {}

    // Adds "time_left" to each session: seconds, null for the unmetered and for those of nobody, or text "?"
    // while it has not been read. Reads some balances anew, first those that are not known.
    void add_to(Json& sessions, Clock::time_point now);

private:
    struct Reading {
        Json user_time;
        Clock::time_point read_at;
    };

    void read_some(const std::map<std::int64_t, std::int64_t>& sessions_of, Clock::time_point now);

    ReadBalance read_balance_;
    std::map<std::int64_t, Reading> readings_;  // by user
};

}  // namespace hourglass::cli

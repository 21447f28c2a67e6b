// A user's time: what he was given, what reports have taken of it, and what his running sessions have used
// since. The balance is settled by reports; live, it is less what they do not say yet.
#pragma once

#include "store/record.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace hourglass::store {

// What the store goes by beside what it is told with each call. One for each event loop.
struct LedgerRules {
    // A session that was silent for so many intervals is taken to be over.
    static constexpr int silent_intervals = 3;

    Seconds interim_interval = std::chrono::minutes(5);
    // How long closed sessions are remembered: what a late or repeated report is held against.
    Seconds retention = std::chrono::days(90);

    Seconds stale_limit() const { return silent_intervals * interim_interval; }
};

struct Account {
    std::optional<Seconds> credited;  // nullopt: not metered
    Seconds consumed{};
    std::vector<Time> heard;  // of each running session: when its last report arrived, by our clock
    Seconds stale_limit = LedgerRules().stale_limit();

    // As of the last reports; this is what the statement adds up to.
    Balance settled() const;
    // What running sessions have used since their last reports, each at most the stale limit.
    Seconds unreported(Time now) const;
    // What is left now, at least 0.
    Balance balance_at(Time now) const;
    // When that comes to nothing if all goes on as it does; nullopt: not metered, or nothing runs.
    std::optional<Time> exhausted_at() const;
    // When the first of the running sessions will have been silent for too long; nullopt: nothing runs.
    std::optional<Time> silent_at() const;
};

}  // namespace hourglass::store

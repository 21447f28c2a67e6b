// What a daemon does about users who are due: it closes what was silent for too long and schedules the next
// visit, or dies before it has.
#pragma once

#include "tests/simulation/daemon.hpp"

namespace hourglass::test {

// A closing that was tried; nullopt: nobody knows whether it was done.
struct Closing {
    store::UserTag tag;
    store::Session session;  // as it was seen
    std::optional<store::StaleClosing> outcome;
};

// Whoever is overdue is visited again after so long.
inline constexpr store::Seconds patience{10};

// Gives up after so many steps: it died.
struct Reaper {
    store::Time now;
    int steps_left{};
    std::vector<Closing> closings;
    std::vector<Closing> seen;  // sessions that were visited, for somebody who comes late
};

// `reaper` outlives it.
awaitable<int> look_after_due(Daemon& daemon, Reaper& reaper);
awaitable<int> close_late(Daemon& daemon, Closing& closing, store::Time now);

}  // namespace hourglass::test

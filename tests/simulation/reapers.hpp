// What daemons do about users who are due: they close what was silent for too long and schedule the next
// visit; or die before they have, or take their time. And somebody closes what he saw a while ago.
#pragma once

#include "tests/simulation/daemon.hpp"

#include <memory>
#include <random>
#include <span>

namespace hourglass::test {

// A closing that was tried; nullopt: nobody knows whether it was done.
struct Closing {
    store::UserTag tag;
    store::Session session;  // as it was seen
    std::optional<store::StaleClosing> outcome;
};

// Whoever is overdue is visited again after so long.
inline constexpr store::Seconds patience{10};

class Reapers {
public:
    explicit Reapers(unsigned seed) : random_(seed) {}

    // What they do in one step; `daemons` live on through it. Each has a clock that is off by its skew.
    std::vector<awaitable<int>> tasks(std::span<const std::unique_ptr<Daemon>> daemons,
                                      std::span<const store::Seconds> skews, store::Time now);
    // What was tried since the last call.
    std::vector<Closing> take_closings();
    // A long time passes: what they had in hand is lost.
    void leap();

private:
    struct Round {
        store::Time now;
        int steps_left{};  // then it dies
        bool is_slow{};    // to be finished in another step
    };
    struct Visited {
        store::Claim claim;
        store::Visit visit;
        std::optional<store::Time> next;  // nullopt: nothing runs
    };

    int up_to(int most) { return std::uniform_int_distribution<>(0, most)(random_); }
    bool happens(int percent) { return up_to(99) < percent; }
    template <class Item>
    Item take_any(std::vector<Item>& items);
    awaitable<int> look_after_due(Daemon& daemon, Round round);
    // False: the daemon died.
    awaitable<bool> look_after(Daemon& daemon, Round& round, store::Claim claim);
    awaitable<bool> close(Daemon& daemon, Closing closing, store::Time now);
    awaitable<int> close_late(Daemon& daemon, Closing closing, store::Time now);
    awaitable<int> finish(Daemon& daemon, Visited visited);

    std::mt19937 random_;
    std::vector<Closing> closings_;  // of this step
    std::vector<Closing> seen_;      // in this step
    std::vector<Closing> late_;      // to be tried some time
    std::vector<Visited> unfinished_;
};

}  // namespace hourglass::test

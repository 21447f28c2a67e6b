// When to connect again: a delay that doubles with each failure, with jitter so that many daemons do not
// return to a restarted Redis in step. It says how long to wait; the connection waits.
#pragma once

#include <chrono>
#include <cstdint>

namespace hourglass::store {

class Reconnect {
public:
    using Delay = std::chrono::milliseconds;

    Reconnect(Delay delay_min, Delay delay_max)
        : delay_min_(delay_min), delay_max_(delay_max), next_(delay_min) {}

    // A server that accepts but does not serve (still loading, wrong password) does not count as connected:
    // call this only when commands are answered.
    void on_ready();

    // The wait before the next attempt, between half the current delay and all of it; `jitter` is 0 to 1.
    Delay on_failure(double jitter);

    // How often it was ready again after the first time.
    std::uint64_t reconnects() const { return times_ready_ > 0 ? times_ready_ - 1 : 0; }

private:
    Delay delay_min_;
    Delay delay_max_;
    Delay next_;
    std::uint64_t times_ready_ = 0;
};

}  // namespace hourglass::store

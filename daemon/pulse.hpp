// Whether every event loop turns: each is asked once in a while and notes that it was reached. No clock and
// no thread in here.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace hourglass::daemon {

class Pulse {
public:
    using Clock = std::chrono::steady_clock;

    // A loop that turns does so within milliseconds, also while Redis is away; one that took so long is
    // stuck.
    static constexpr Clock::duration silence_max = std::chrono::seconds(3);

    Pulse(std::vector<std::string> loops, Clock::time_point now);

    void felt(std::size_t loop, Clock::time_point now);

    struct Change {
        std::string loop;
        bool is_stuck{};  // false: it turns again
    };
    // Since the last call.
    std::vector<Change> take_changes(Clock::time_point now);
    // As of that call.
    bool is_steady() const;

private:
    struct Loop {
        std::string name;
        Clock::time_point last_felt;
        bool is_stuck = false;
    };
    std::vector<Loop> loops_;
};

}  // namespace hourglass::daemon

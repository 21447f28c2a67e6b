#include "daemon/pulse.hpp"

#include <algorithm>

namespace hourglass::daemon {

Pulse::Pulse(std::vector<std::string> loops, Clock::time_point now) {
    for (auto& name : loops)
        loops_.push_back({.name = std::move(name), .last_felt = now});
}

void Pulse::felt(std::size_t loop, Clock::time_point now) {
    loops_.at(loop).last_felt = now;
}

std::vector<Pulse::Change> Pulse::take_changes(Clock::time_point now) {
    std::vector<Change> changes;
    for (auto& loop : loops_) {
        const bool is_stuck = now - loop.last_felt > silence_max;
        if (is_stuck != loop.is_stuck) changes.push_back({.loop = loop.name, .is_stuck = is_stuck});
        loop.is_stuck = is_stuck;
    }
    return changes;
}

bool Pulse::is_steady() const {
    return std::ranges::none_of(loops_, &Loop::is_stuck);
}

}  // namespace hourglass::daemon

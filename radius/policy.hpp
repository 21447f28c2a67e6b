// What a worker follows; swapped whole on reload.
#pragma once

#include <chrono>
#include <vector>

namespace hourglass::radius {

struct Policy {
    std::chrono::milliseconds reject_delay{1000};
    std::chrono::seconds interim_interval{300};
    std::vector<std::chrono::seconds> low_balance{std::chrono::seconds(300)};  // thresholds of that event
};

}  // namespace hourglass::radius

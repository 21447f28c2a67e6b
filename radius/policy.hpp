// What a worker follows; swapped whole on reload.
#pragma once

#include <chrono>

namespace hourglass::radius {

struct Policy {
    std::chrono::milliseconds reject_delay{1000};
    std::chrono::seconds interim_interval{300};
};

}  // namespace hourglass::radius

// What a worker counts. One thread writes, any may read: relaxed atomics, no lock.
#pragma once

#include "store/result.hpp"

#include <atomic>
#include <cstdint>

namespace hourglass::radius {

class Counter {
public:
    void add(std::uint64_t n = 1) {
        // Only the owning worker writes, so load and store need not be one step.
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

struct Counters {
#define COUNTER(member, metric, labels, help) Counter member;
#include "radius/counters.def"
#undef COUNTER
};

// Of datagrams dropped for that reason, an Error.
Counter& drop_counter(Counters& counters, error_code reason);

}  // namespace hourglass::radius

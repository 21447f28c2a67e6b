// What a worker counts and measures. One thread writes, any may read: relaxed atomics, no lock.
#pragma once

#include "store/latency_histogram.hpp"
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

class Gauge {
public:
    void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
    std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

struct Counters {
#define COUNTER(member, metric, labels, help) Counter member;
#include "radius/counters.def"
#undef COUNTER
#define GAUGE(member, metric, help) Gauge member;
#include "radius/gauges.def"
#undef GAUGE
#define LATENCY(member, metric, labels, help) store::LatencyHistogram member;
#include "radius/latencies.def"
#undef LATENCY
};

// Of datagrams dropped for that reason, an Error.
Counter& drop_counter(Counters& counters, error_code reason);

}  // namespace hourglass::radius

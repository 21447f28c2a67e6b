// How long things took, counted by fixed bounds from 50 us to 10 s, three to a decade: near enough for a
// median and for a p99.9. One thread notes, any may read: relaxed atomics, no lock, nothing allocated.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace hourglass::store {

class LatencyHistogram {
public:
    using Duration = std::chrono::nanoseconds;

    // What took as long as a bound is counted there; what took longer than the last, behind it.
    static constexpr auto bounds = [] {
        using namespace std::chrono_literals;
        return std::to_array<Duration>({50us, 100us, 200us, 500us, 1ms, 2ms, 5ms, 10ms, 20ms, 50ms, 100ms,
                                        200ms, 500ms, 1s, 2s, 5s, 10s});
    }();

    // On the owner's thread. A negative one, by a clock that was set back, counts as none.
    void note(Duration took) {
        const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds, took) - bounds.begin());
        add(counts_[bucket], 1);
        add(nanoseconds_, static_cast<std::uint64_t>(std::max<Duration::rep>(took.count(), 0)));
    }

    struct Reading {
        std::array<std::uint64_t, bounds.size() + 1> counts{};  // by bound, not added up
        std::uint64_t nanoseconds{};                            // in all
    };
    void add_to(Reading& sum) const {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            sum.counts[i] += counts_[i].load(relaxed);
        sum.nanoseconds += nanoseconds_.load(relaxed);
    }

private:
    static constexpr auto relaxed = std::memory_order_relaxed;

    // Only one thread writes, so load and store need not be one step.
    static void add(std::atomic<std::uint64_t>& count, std::uint64_t more) {
        count.store(count.load(relaxed) + more, relaxed);
    }

    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
    std::atomic<std::uint64_t> nanoseconds_{0};
};

// From its making to each stop().
class Stopwatch {
public:
    explicit Stopwatch(LatencyHistogram& histogram) : histogram_(histogram) {}
    void stop() { histogram_.note(Clock::now() - begun_); }

private:
    using Clock = std::chrono::steady_clock;

    LatencyHistogram& histogram_;
    const Clock::time_point begun_ = Clock::now();
};

}  // namespace hourglass::store

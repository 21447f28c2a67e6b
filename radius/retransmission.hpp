// When a request of ours is sent again (RFC 5080 section 2.2.1): after a time that doubles, each with a
// jitter of its own, so that requests of one moment do not come back in one moment. Pure: time is an
// argument.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace hourglass::radius {

struct RetransmissionLimits {
    std::chrono::milliseconds initial_time{1000};    // IRT; half of the RFC's: a session overruns meanwhile
    std::chrono::milliseconds time_max{16'000};      // MRT
    int transmissions_max = 5;                       // MRC
    std::chrono::milliseconds duration_max{30'000};  // MRD
};

class Retransmission {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Random = std::minstd_rand;

    static constexpr double jitter = 0.1;  // of the time, to either side

    // The first transmission is at `now`.
    Retransmission(const RetransmissionLimits& limits, Time now, Random& random)
        : limits_(limits), give_up_at_(now + limits.duration_max), time_(limits.initial_time) {
        due_ = std::min(now + jittered(random), give_up_at_);
    }

    // When to transmit again, or to give up.
    Time due() const { return due_; }

    // Asked at due(). False: given up.
    bool repeat(Time now, Random& random) {
        if (transmissions_ >= limits_.transmissions_max || now >= give_up_at_) return false;
        ++transmissions_;
        time_ = std::min(2 * time_, limits_.time_max);
        due_ = std::min(now + jittered(random), give_up_at_);
        return true;
    }

private:
    std::chrono::milliseconds jittered(Random& random) const {
        const auto factor = std::uniform_real_distribution(1 - jitter, 1 + jitter)(random);
        return std::chrono::round<std::chrono::milliseconds>(time_ * factor);
    }

    RetransmissionLimits limits_;
    Time give_up_at_;
    std::chrono::milliseconds time_;
    Time due_;
    int transmissions_ = 1;
};

}  // namespace hourglass::radius

// The 256 Identifiers that we have towards one port of one NAS. A released one rests for a while, so that no
// late answer meets a new request, and no NAS takes the new request for a repeat of the old one (RFC 5176
// section 2.3). Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace hourglass::radius {

class IdentifierPool {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr unsigned identifiers_max = 256;

    // They are given out from `first` on, in turn. A NAS may remember the last ones of the daemon that ran
    // before, so `first` had better be random.
    IdentifierPool(std::uint8_t first, std::chrono::milliseconds rest) : rest_(rest) {
        for (unsigned i = 0; i < identifiers_max; ++i)
            free_.push_back({static_cast<std::uint8_t>(first + i), Time::min()});
    }

    std::optional<std::uint8_t> take(Time now) {
        if (free_.empty() || free_.front().rested_at > now) return std::nullopt;
        const auto identifier = free_.front().identifier;
        free_.pop_front();
        return identifier;
    }
    void release(std::uint8_t identifier, Time now) { free_.push_back({identifier, now + rest_}); }

    // The one that take() gives when it has one; some must be free.
    std::uint8_t next() const { return free_.front().identifier; }
    // When take() has one again; Time::max() if all are in use.
    Time next_free_at() const { return free_.empty() ? Time::max() : free_.front().rested_at; }
    // When the last one released has rested.
    Time all_rested_at() const { return free_.empty() ? Time::max() : free_.back().rested_at; }

private:
    struct Free {
        std::uint8_t identifier;
        Time rested_at;
    };

    std::chrono::milliseconds rest_;
    std::deque<Free> free_;  // longest resting first
};

}  // namespace hourglass::radius

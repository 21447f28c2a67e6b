// One stream of traced packets, from its opening to its end. Workers never wait for it: what comes faster
// than it is read is left out, and that is told.
#pragma once

#include "api/packet_trace.hpp"
#include "api/streaming.hpp"

#include <chrono>

namespace hourglass::api {

class TraceListener {
public:
    static constexpr std::chrono::milliseconds poll_interval{100};
    static constexpr std::chrono::seconds heartbeat_interval{15};
    static constexpr std::chrono::seconds token_check_interval{5};
    // A trace that somebody forgot to end, ends.
    static constexpr std::chrono::seconds duration_max = std::chrono::hours(1);

    using MayListen = std::function<awaitable<bool>()>;

    TraceListener(std::unique_ptr<PacketTrace> trace, MayListen may_listen,
                  std::chrono::steady_clock::duration duration = duration_max);

    // Returns when the listener is gone or no longer allowed, the time is over, or the daemon ends.
    awaitable<void> tell(BodyWriter& writer);

private:
    using Clock = std::chrono::steady_clock;

    awaitable<bool> is_still_allowed();
    std::string next_text();

    std::unique_ptr<PacketTrace> trace_;
    MayListen may_listen_;
    Clock::time_point end_;
    Clock::time_point written_at_ = Clock::now();
    Clock::time_point checked_at_ = Clock::now();
};

}  // namespace hourglass::api

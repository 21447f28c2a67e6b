// One listener's stream, from its opening to its end: first what the store has kept since his Last-Event-ID,
// then what the feed reads. Nobody waits for him: who falls behind the feed is told so and let go.
#pragma once

#include "api/event_feed.hpp"
#include "api/streaming.hpp"

#include <functional>

namespace hourglass::api {

class EventListener {
public:
    static constexpr std::chrono::seconds heartbeat_interval{15};
    static constexpr std::chrono::seconds token_check_interval{5};

    // Whether his token still holds.
    using MayListen = std::function<awaitable<bool>()>;

    // `feed` and `events` outlive it.
    EventListener(EventFeed& feed, store::Events& events, EventFilter filter, store::EventId position,
                  MayListen may_listen);

    // Returns when the listener is gone, too slow, no longer allowed, or the daemon ends.
    awaitable<void> tell(BodyWriter& writer);

private:
    using Clock = std::chrono::steady_clock;

    awaitable<std::string> catch_up();
    awaitable<bool> is_still_allowed();
    Clock::duration pause_limit() const;

    EventFeed& feed_;
    store::Events& events_;
    EventFilter filter_;
    store::EventId position_;  // every event up to it was told, or is not for him
    MayListen may_listen_;
    Clock::time_point written_at_ = Clock::now();
    Clock::time_point checked_at_ = Clock::now();
};

}  // namespace hourglass::api

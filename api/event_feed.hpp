// The latest events, read from the store once for all listeners of this server, and only while there are any.
// Each listener keeps his own place in them; whoever falls behind what is held here has lost it.
#pragma once

#include "api/event_text.hpp"
#include "store/events.hpp"
#include "store/log.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>

namespace hourglass::api {

class EventFeed {
public:
    static constexpr std::size_t listeners_max = 256;
    static constexpr std::size_t recent_events_max = 16'384;
    static constexpr std::chrono::milliseconds read_interval{200};

    EventFeed(boost::asio::io_context& loop, store::Events& events, Log& log);
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    // While it lives the feed reads. The feed's own state outlives it.
    class Listener {
    public:
        explicit Listener(EventFeed& feed);
        ~Listener();
        Listener(const Listener&) = delete;
        Listener& operator=(const Listener&) = delete;

    private:
        EventFeed& feed_;
    };

    bool has_room() const;
    bool is_stopped() const;
    // Whether every event after `position` is here, as far as the store has been read.
    bool covers(const store::EventId& position) const;
    // Appends to `text` what the filter admits after `position`, until `text` is long enough to be sent.
    // Returns the new position.
    store::EventId take(const store::EventId& position, const EventFilter& filter, std::string& text) const;
    // Until something new was read, at most so long.
    awaitable<void> wait(std::chrono::steady_clock::duration limit);

    void count_dropped_listener();
    // Wakes every listener for good.
    void stop();

    // May be read from any thread.
    std::uint64_t listeners() const;
    std::uint64_t dropped_listeners() const;

private:
    struct State;
    static awaitable<void> follow(std::shared_ptr<State> state);

    std::shared_ptr<State> state_;  // shared with the coroutine that reads
};

}  // namespace hourglass::api

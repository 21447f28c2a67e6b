// The events of all daemons as one Redis Stream, kept for a while so that a listener may resume. Publishing
// is on the way of every login and so costs little: events are collected and leave together, unawaited, as
// one entry of the stream. What Redis cannot take is dropped and counted; nobody waits for an event.
#pragma once

#include "store/error.hpp"
#include "store/event.hpp"
#include "store/redis_pipeline.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>

namespace hourglass::store {

class RedisConnection;

// Batches in the stream, about: at most 8192 * 64 events, some 60 MB, when it is busiest.
inline constexpr std::uint64_t event_batches_kept = 8192;

// One per event loop, like the connection it uses.
class Events {
public:
    static constexpr std::size_t batch_events_max = 64;
    static constexpr std::size_t batches_together_max = 16;
    static constexpr std::chrono::milliseconds batch_delay_max{40};

    Events(boost::asio::io_context& loop, RedisConnection& redis) : redis_(redis), flush_timer_(loop) {}
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    void publish(const Event& event);
    // Sends what is collected, and waits until Redis has it.
    awaitable<void> finish();

    // The ends of what is kept; both the default while there is nothing.
    struct Kept {
        EventId oldest;
        EventId newest;
    };
    awaitable<result<Kept>> kept();
    // In their order, from at most so many batches; none: there are no later ones.
    awaitable<result<std::vector<StoredEvent>>> read_after(EventId position, std::uint64_t batches_max);

    // May be read from any thread.
    std::uint64_t published() const { return published_.load(std::memory_order_relaxed); }
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

private:
    void flush();
    void close_batch();
    struct Collected {
        Pipeline batches;
        std::size_t events = 0;
    };
    Collected take_collected();

    RedisConnection& redis_;
    boost::asio::steady_timer flush_timer_;
    std::string batch_;
    std::size_t events_in_batch_ = 0;
    Collected collected_;  // all, but for those of the batch
    std::atomic<std::uint64_t> published_{0};
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace hourglass::store

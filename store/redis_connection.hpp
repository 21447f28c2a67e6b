// One pipelined connection to Redis on one event loop. Commands given in one turn of the loop leave in one
// write, so they share Redis' fsync too; those that can wait a moment for company: command_queue.hpp. It
// connects by itself, loads the scripts, and connects again with backoff; while it is away every call fails
// at once with Error::unavailable.
#pragma once

#include "store/command_queue.hpp"
#include "store/error.hpp"
#include "store/log.hpp"
#include "store/redis_address.hpp"
#include "store/redis_pipeline.hpp"
#include "store/redis_reply.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace hourglass::store {

class RedisConnection {
public:
    struct Limits {
        // Commands wait, and for so long nothing was heard: the connection is given up.
        std::chrono::milliseconds timeout{2000};
        // Together less than the two seconds in which a Redis that is back is found.
        std::chrono::milliseconds connect_timeout{1000};
        std::chrono::milliseconds reconnect_delay_min{50};
        std::chrono::milliseconds reconnect_delay_max{750};
        std::size_t commands_in_flight_max = 65536;  // beyond it: Error::unavailable
        // Redis is behind when more commands than this wait, the oldest of them for longer than that: less
        // than the most impatient NAS does (RouterOS: 300 ms), for an answer that comes later is of no use.
        std::size_t backlog_commands_max = 1024;
        std::chrono::milliseconds backlog_age_max{200};

        // Whether so many that wait, the oldest of them since then, are more than Redis takes.
        bool is_backlog(std::size_t waiting, CommandQueue::Clock::time_point oldest) const;
    };

    RedisConnection(boost::asio::io_context& loop, RedisAddress address, Log& log, Limits limits);
    RedisConnection(boost::asio::io_context& loop, RedisAddress address, Log& log)
        : RedisConnection(loop, std::move(address), log, Limits{}) {}
    ~RedisConnection();
    RedisConnection(const RedisConnection&) = delete;
    RedisConnection& operator=(const RedisConnection&) = delete;

    void start();  // begins to connect
    void stop();   // fails what is outstanding; the loop may then run out of work
    bool is_ready() const;
    // As of this moment: Redis has ended the connection, which the loop has yet to find out.
    bool has_hung_up() const;
    // It is there, and does not keep up. What is in hand should go on, and nothing new begin: work that can
    // only be answered too late keeps Redis from what could be answered in time.
    bool is_behind() const;
    const Limits& limits() const;

    // For how long writes in_company wait for others, at most. Zero, as at first: not at all.
    void set_group_commit(std::chrono::microseconds moment);
    // When those leave who come now; in the past, or now: they do not wait.
    CommandQueue::Clock::time_point company_leaves_at() const;

    // Waits until it is connected with its scripts loaded; false when `limit` passed first.
    awaitable<bool> wait_until_ready(std::chrono::milliseconds limit);

    // A reply that is a Redis error is logged and becomes Error::unavailable, except for errors that scripts
    // raise on purpose: those return values instead.
    awaitable<result<Reply>> execute(Pipeline one, Urgency urgency = Urgency::at_once);
    awaitable<result<std::vector<Reply>>> execute_all(Pipeline several, Urgency urgency = Urgency::at_once);
    // Sends without waiting. False: not even sent; what happens later nobody hears of.
    bool send(const Pipeline& unawaited, Urgency urgency = Urgency::at_once);

    std::uint64_t reconnects() const;

private:
    class Implementation;

    std::shared_ptr<Implementation> implementation_;  // shared with what the loop still has to hand back
};

}  // namespace hourglass::store

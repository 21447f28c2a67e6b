// One pipelined connection to Redis on one event loop. hiredis is the RESP codec, Asio moves the bytes.
// Commands given in one turn of the loop leave in one write, so they share Redis' fsync too. It connects by
// itself, loads the scripts, and connects again with backoff; while it is away every call fails at once with
// Error::unavailable.
#pragma once

#include "store/error.hpp"
#include "store/log.hpp"
#include "store/redis_address.hpp"
#include "store/script.hpp"

#include <boost/asio/io_context.hpp>
#include <hiredis/hiredis.h>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::store {

// An owned RESP reply with checked access: reading it as the wrong type gives an empty value, not a crash.
class Reply {
public:
    Reply() = default;
    explicit Reply(redisReply* reply) : reply_(reply) {}

    bool is_nil() const;
    bool is_error() const;
    bool is_array() const;
    std::string_view text() const;  // of a string, status or error; lives as long as the reply
    std::int64_t integer() const;   // of an integer, or of a string that is one
    std::span<redisReply* const> elements() const;

private:
    struct Free {
        void operator()(redisReply* reply) const { freeReplyObject(reply); }
    };
    std::unique_ptr<redisReply, Free> reply_;
};

// Several commands that travel together and are answered together, in order (a pipeline, not a transaction).
class Pipeline {
public:
    Pipeline& add(std::initializer_list<std::string_view> command);
    Pipeline& add(std::span<const std::string_view> command);
    Pipeline& run(const Script& script, std::initializer_list<std::string_view> keys,
                  std::initializer_list<std::string_view> arguments);
    Pipeline& run(const Script& script, std::span<const std::string_view> keys,
                  std::span<const std::string_view> arguments);
    std::size_t size() const { return commands_; }
    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;  // already RESP
    std::size_t commands_ = 0;
};

class RedisConnection {
public:
    struct Limits {
        std::chrono::milliseconds timeout{2000};  // of the oldest command without a reply
        // Together less than the two seconds in which a Redis that is back is found.
        std::chrono::milliseconds connect_timeout{1000};
        std::chrono::milliseconds reconnect_delay_min{50};
        std::chrono::milliseconds reconnect_delay_max{750};
        std::size_t commands_in_flight_max = 65536;  // beyond it: Error::unavailable
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

    // Waits until it is connected with its scripts loaded; false when `limit` passed first.
    awaitable<bool> wait_until_ready(std::chrono::milliseconds limit);

    // A reply that is a Redis error is logged and becomes Error::unavailable, except for errors that scripts
    // raise on purpose: those return values instead.
    awaitable<result<Reply>> execute(Pipeline one);
    awaitable<result<std::vector<Reply>>> execute_all(Pipeline several);
    // Sends without waiting. False: not even sent; what happens later nobody hears of.
    bool send(const Pipeline& unawaited);

    std::uint64_t reconnects() const;

private:
    class Implementation;
    // Both outlive the call. False: not answered, or some reply is an error.
    awaitable<bool> exchange(const Pipeline& pipeline, std::span<Reply> replies);

    std::shared_ptr<Implementation> implementation_;  // shared with what the loop still has to hand back
};

}  // namespace hourglass::store

// When users logged in, on its way to Redis. A write costs as much as a login: when many log in they are
// written together, the first and the latest login of each, and in a storm only so many a second, so that
// last_login is late by as much as the storm was long. What is lost does no harm.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <span>
#include <vector>

namespace hourglass::store {

class Pipeline;
class RedisConnection;

// One per event loop, like the connection it uses.
class LastLogins {
public:
    static constexpr std::chrono::milliseconds turn{50};
    static constexpr std::size_t writes_at_once_max = 10;   // in a turn; the others wait for its end
    static constexpr std::size_t writes_per_turn_max = 25;  // five hundred a second
    static constexpr std::size_t waiting_users_max = 131'072;

    LastLogins(boost::asio::io_context& loop, RedisConnection& redis) : redis_(redis), next_turn_(loop) {}
    LastLogins(const LastLogins&) = delete;
    LastLogins& operator=(const LastLogins&) = delete;

    // At once while there is room in this turn.
    void note(UserId user, Time now);
    // Writes what still waits, and waits until Redis has it.
    awaitable<void> finish();

    std::size_t waiting() const { return newer_.size() + older_.size(); }

private:
    struct Times {
        UserId user{};
        Time first;
        Time latest;
    };

    void begin_turn();
    void write(std::size_t users_max);
    // Of those that have waited longest; they stay until they are taken off the end of older_.
    std::span<const Times> next_batch(std::size_t users_max);
    static Pipeline writes_of(std::span<const Times> batch);

    RedisConnection& redis_;
    boost::asio::steady_timer next_turn_;
    bool is_turn_running_ = false;
    std::size_t written_in_turn_ = 0;
    boost::unordered_flat_map<UserId, Times> newer_;
    std::vector<Times> older_;
};

}  // namespace hourglass::store

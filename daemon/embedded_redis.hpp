// The embedded Redis: keeps one private redis-server running for as long as the daemon lives. It is started
// again, with growing pauses, if it dies, and ended last, when nobody has anything left to write.
#pragma once

#include "daemon/redis_output.hpp"
#include "daemon/redis_process.hpp"
#include "store/redis_address.hpp"
#include "store/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <optional>

namespace hourglass::daemon {

class EmbeddedRedis {
public:
    // `loop` runs on the main thread. Throws std::runtime_error with a sentence if the directory's name is
    // too long for a Unix socket or it cannot be made.
    EmbeddedRedis(boost::asio::io_context& loop, std::filesystem::path directory, Log& log);

    store::RedisAddress address() const;

    // Returns when it answers a PING; reading a long append-only file may take minutes. False if stop() came
    // first. Throws std::runtime_error with a sentence if it ends before that or cannot be started.
    awaitable<bool> start();
    // Runs until stop() has been called and redis-server has ended.
    awaitable<void> keep_running();
    void stop();

private:
    awaitable<void> launch();
    bool try_launch();
    awaitable<void> wait_until_it_answers();
    awaitable<bool> answers();
    awaitable<std::string> run_to_end();
    awaitable<void> forward_output();
    awaitable<void> wait_for_end();
    void forward_what_is_left();
    awaitable<void> pause(std::chrono::milliseconds duration);

    std::filesystem::path directory_;
    Log& log_;
    RedisOutput output_;
    boost::asio::steady_timer timer_;
    bool is_stopping_ = false;
    std::optional<RedisProcess> process_;
    boost::asio::posix::stream_descriptor ended_;
    boost::asio::posix::stream_descriptor pipe_;
};

}  // namespace hourglass::daemon

// The store while nobody is served: for a restore, and to migrate the data. Holds the state directory as the
// daemon does, so that none is running on it.
#pragma once

#include "daemon/embedded_redis.hpp"
#include "daemon/settings.hpp"
#include "daemon/state_directory.hpp"
#include "store/store.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace hourglass::daemon {

// A redis-server that lives as long as a task.
class TemporaryRedis {
public:
    TemporaryRedis(boost::asio::io_context& loop, std::filesystem::path directory, Log& log)
        : loop_(loop), server_(loop, std::move(directory), log), ended_(loop) {}

    store::RedisAddress address() const { return server_.address(); }
    // Throws what the task throws, and std::runtime_error with a sentence, such as for a file that Redis
    // cannot read.
    awaitable<void> run(std::function<awaitable<void>()> task);

private:
    awaitable<void> start();
    awaitable<void> stop();

    boost::asio::io_context& loop_;
    EmbeddedRedis server_;
    bool is_running_ = false;
    boost::asio::steady_timer ended_;
};

class OfflineStore {
public:
    // Throws std::runtime_error with a sentence for the operator.
    OfflineStore(const Configuration& configuration, Log& log);

    // Runs the task with a store that is connected and safe, and Redis to its end. Throws what the task
    // throws, and a sentence if there is no store.
    using Task = std::function<awaitable<void>(store::Store&)>;
    void run(Task task);

    const std::filesystem::path& directory() const { return state_directory_.path(); }
    const store::RedisAddress& redis_address() const { return redis_address_; }
    boost::asio::io_context& loop() { return loop_; }

private:
    awaitable<void> work(Task task);
    awaitable<void> serve(const Task& task);
    awaitable<void> expect_safe_redis();
    std::unique_ptr<TemporaryRedis> make_redis();
    store::RedisAddress make_redis_address() const;

    const Configuration& configuration_;
    Log& log_;
    boost::asio::io_context loop_{1};
    StateDirectory state_directory_;
    const store::SecretBox secrets_;
    std::unique_ptr<TemporaryRedis> redis_;  // null: it is somewhere else
    const store::RedisAddress redis_address_;
    store::Store store_;
};

}  // namespace hourglass::daemon

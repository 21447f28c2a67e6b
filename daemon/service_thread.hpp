// One event loop on its own thread, with its own connection to Redis and the server that lives on it: a
// RADIUS worker, or the API. Nothing in it is shared; what other threads may ask is atomic or posted.
#pragma once

#include "store/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <optional>
#include <pthread.h>
#include <string>
#include <thread>
#include <utility>

namespace hourglass::daemon {

template <class Server>
class ServiceThread {
public:
    // The server is made with (loop, store, arguments...), so binding fails here, before anything runs.
    // `name` is what the thread is called in top(1) and gdb(1), which show 15 characters.
    template <class... Arguments>
    ServiceThread(std::string name, const store::RedisAddress& redis, const store::SecretBox& secrets,
                  std::size_t users_remembered, store::UsersInHand& in_hand, Log& log,
                  Arguments&&... arguments)
        : name_(std::move(name)),
          log_(log),
          loop_(1),
          work_(boost::asio::make_work_guard(loop_)),
          store_(loop_, redis, secrets, log, users_remembered, &in_hand),
          server_(loop_, store_, std::forward<Arguments>(arguments)...) {}

    ~ServiceThread() { stop(); }
    ServiceThread(const ServiceThread&) = delete;
    ServiceThread& operator=(const ServiceThread&) = delete;

    void start() {
        if (thread_.joinable()) return;
        thread_ = std::thread([this] { run(); });
    }

    void serve() {
        boost::asio::post(loop_, [this] { server_.start(); });
    }

    // Until then the server finds its store away.
    void connect() {
        boost::asio::post(loop_, [this] { store_.connect(); });
    }

    // Takes nothing new, finishes what is in hand, then calls `on_drained` on this thread.
    void drain(std::function<void()> on_drained) {
        boost::asio::post(loop_, [this, on_drained = std::move(on_drained)] {
            server_.drain([this, on_drained] {
                boost::asio::co_spawn(loop_, leave_store(), [on_drained](const std::exception_ptr& bug) {
                    on_drained();
                    if (bug) std::rethrow_exception(bug);
                });
            });
        });
    }

    // Fails what still waits for Redis, so that a server which cannot drain comes to its end.
    void abandon() {
        boost::asio::post(loop_, [this] { store_.disconnect(); });
    }

    // Ends the thread, whatever it is doing.
    void stop() {
        loop_.stop();
        if (thread_.joinable()) thread_.join();
    }

    // Calls `task(server)` on this thread.
    template <class Task>
    void post(Task task) {
        boost::asio::post(loop_, [this, task = std::move(task)] { task(server_); });
    }

    // Asks the loop to show that it turns; it takes the occasion to publish how its connection is.
    void ping() {
        has_answered_.store(false, std::memory_order_relaxed);
        boost::asio::post(loop_, [this] {
            is_redis_ready_.store(store_.redis.is_ready(), std::memory_order_relaxed);
            reconnects_.store(store_.redis.reconnects(), std::memory_order_relaxed);
            is_redis_behind_.store(store_.report_batches.is_behind(), std::memory_order_relaxed);
            if constexpr (requires { server_.note_state(); }) server_.note_state();
            has_answered_.store(true, std::memory_order_release);
        });
    }
    bool has_answered() const { return has_answered_.load(std::memory_order_acquire); }
    bool is_redis_ready() const { return is_redis_ready_.load(std::memory_order_relaxed); }
    // As of this moment; on this thread only.
    bool is_redis_ready_now() const { return store_.redis.is_ready(); }
    bool is_redis_behind() const { return is_redis_behind_.load(std::memory_order_relaxed); }
    std::uint64_t reconnects() const { return reconnects_.load(std::memory_order_relaxed); }

    const std::string& name() const { return name_; }
    // Before start(), or for what may be called from any thread.
    Server& server() { return server_; }
    const Server& server() const { return server_; }
    // Their counters, which may be read from any thread.
    const store::Events& events() const { return store_.events; }
    const store::LedgerCounts& ledger() const { return store_.report_batches.counts(); }
    const store::UserMemoryCounts& user_memory() const { return store_.remembered_users.memory().counts(); }

private:
    awaitable<void> leave_store() {
        co_await store_.finish();
        store_.disconnect();
    }

    // An exception that no coroutine caught is a bug; it costs one handler, not the daemon.
    void run() {
        ::pthread_setname_np(::pthread_self(), name_.c_str());
        for (;;) {
            try {
                loop_.run();
                return;
            } catch (const std::exception& bug) {
                log_.error("An event loop caught an exception", {
                                                                    {"what", bug.what()}
                });
            }
        }
    }

    const std::string name_;
    Log& log_;
    boost::asio::io_context loop_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    store::Store store_;
    Server server_;
    std::atomic<bool> has_answered_{true};
    std::atomic<bool> is_redis_ready_{false};
    std::atomic<bool> is_redis_behind_{false};
    std::atomic<std::uint64_t> reconnects_{0};
    std::thread thread_;
};

}  // namespace hourglass::daemon

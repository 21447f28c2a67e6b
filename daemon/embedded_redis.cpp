#include "daemon/embedded_redis.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <system_error>
#include <unistd.h>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
using namespace boost::asio::experimental::awaitable_operators;
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::size_t socket_path_octets_max = 107;  // sockaddr_un, unix(7)
constexpr std::chrono::milliseconds answer_poll_interval = 20ms;
constexpr std::chrono::milliseconds lock_poll_interval = 50ms;
constexpr Clock::duration progress_interval = 5s;
constexpr std::chrono::milliseconds restart_delay_min = 100ms;
constexpr std::chrono::milliseconds restart_delay_max = 5s;
constexpr Clock::duration steady_life = 1min;  // a longer one resets the delay

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);

// Says so when something takes long, once an interval.
class Progress {
public:
    bool is_due() {
        if (Clock::now() - last_ < progress_interval) return false;
        last_ = Clock::now();
        return true;
    }

private:
    Clock::time_point last_ = Clock::now();
};

}  // namespace

EmbeddedRedis::EmbeddedRedis(asio::io_context& loop, std::filesystem::path directory, Log& log)
    : directory_(std::move(directory)), log_(log), output_(log), timer_(loop), ended_(loop), pipe_(loop) {
    const auto socket = redis_socket(directory_).string();
    if (socket.size() > socket_path_octets_max) {
        throw std::runtime_error("The path of the embedded Redis' socket, " + socket + ", is " +
                                 std::to_string(socket.size()) + " octets long and may have " +
                                 std::to_string(socket_path_octets_max) +
                                 ": choose a shorter daemon.state_dir.");
    }
    std::error_code failure;
    std::filesystem::create_directory(directory_, failure);
    if (!failure) {
        std::filesystem::permissions(directory_, std::filesystem::perms::owner_all, failure);
    }
    if (failure) {
        throw std::runtime_error("The directory of the embedded Redis, " + directory_.string() +
                                 ", cannot be made: " + failure.message() + ".");
    }
}

store::RedisAddress EmbeddedRedis::address() const {
    store::RedisAddress address;
    address.unix_path = redis_socket(directory_).string();
    return address;
}

awaitable<bool> EmbeddedRedis::start() {
    co_await launch();
    if (!process_) co_return false;

    const auto first = co_await (run_to_end() || wait_until_it_answers());
    const auto* const how = std::get_if<0>(&first);
    if (how != nullptr) process_.reset();
    if (is_stopping_) co_return false;
    if (how != nullptr) {
        throw std::runtime_error("The embedded redis-server ended (" + *how +
                                 ") before it answered: " + output_.last_line());
    }
    log_.info("The embedded Redis is ready", {
                                                 {"pid", std::to_string(process_->pid())}
    });
    co_return true;
}

awaitable<void> EmbeddedRedis::keep_running() {
    auto delay = restart_delay_min;
    while (process_) {
        const auto started = Clock::now();
        const auto how = co_await run_to_end();
        process_.reset();
        if (is_stopping_) co_return;

        if (Clock::now() - started > steady_life) delay = restart_delay_min;
        log_.error("The embedded redis-server ended and is started again", {
                                                                               {"reason", how}
        });
        co_await pause(delay);
        delay = std::min(delay * 2, restart_delay_max);
        co_await launch();
    }
}

void EmbeddedRedis::stop() {
    is_stopping_ = true;
    timer_.cancel();
    if (process_) process_->ask_to_end();
}

// Leaves process_ empty only when it is stopped.
awaitable<void> EmbeddedRedis::launch() {
    Progress progress;
    while (!is_stopping_ && !try_launch()) {
        if (progress.is_due()) log_.notice("Waiting for the redis-server of an earlier daemon to end");
        co_await pause(lock_poll_interval);
    }
}

bool EmbeddedRedis::try_launch() {
    auto process = RedisProcess::try_start(directory_);
    if (!process) return false;
    process_.emplace(std::move(*process));
    ended_.close();
    ended_.assign(::dup(process_->process_descriptor()));
    pipe_.close();
    pipe_.assign(::dup(process_->output_descriptor()));
    return true;
}

awaitable<void> EmbeddedRedis::wait_until_it_answers() {
    Progress progress;
    for (;;) {
        const bool is_ready = co_await answers();
        if (is_ready) co_return;
        if (progress.is_due()) log_.notice("Redis is still reading its append-only file");
        co_await pause(answer_poll_interval);
    }
}

awaitable<bool> EmbeddedRedis::answers() {
    asio::local::stream_protocol::socket socket(timer_.get_executor());
    const asio::local::stream_protocol::endpoint endpoint(redis_socket(directory_).string());
    const auto [refused] = co_await socket.async_connect(endpoint, outcome);
    if (refused) co_return false;

    const auto [unsent, sent] = co_await asio::async_write(socket, asio::buffer("PING\r\n", 6), outcome);
    if (unsent) co_return false;

    std::string reply;
    const auto [unread, size] =
        co_await asio::async_read_until(socket, asio::dynamic_buffer(reply), "\r\n", outcome);
    co_return !unread && reply.starts_with("+PONG");  // "-LOADING" until the file has been read
}

awaitable<std::string> EmbeddedRedis::run_to_end() {
    co_await (wait_for_end() || forward_output());
    forward_what_is_left();
    co_return process_->reap();
}

awaitable<void> EmbeddedRedis::forward_output() {
    std::array<char, 4096> octets{};
    for (;;) {
        const auto [failure, size] = co_await pipe_.async_read_some(asio::buffer(octets), outcome);
        if (failure) break;
        output_.take({octets.data(), size});
    }
    co_await wait_for_end();
}

awaitable<void> EmbeddedRedis::wait_for_end() {
    co_await ended_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
}

void EmbeddedRedis::forward_what_is_left() {
    std::array<char, 4096> octets{};
    error_code failure;
    pipe_.non_blocking(true, failure);
    while (!failure) {
        const auto size = pipe_.read_some(asio::buffer(octets), failure);
        output_.take({octets.data(), size});
    }
}

awaitable<void> EmbeddedRedis::pause(std::chrono::milliseconds duration) {
    timer_.expires_after(duration);
    co_await timer_.async_wait(outcome);
}

}  // namespace hourglass::daemon

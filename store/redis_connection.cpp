#include "store/redis_connection.hpp"

#include "store/reconnect.hpp"
#include "store/redis_transport.hpp"

#include <boost/asio.hpp>
#include <boost/assert.hpp>

#include <deque>
#include <exception>
#include <random>

namespace hourglass::store {
namespace asio = boost::asio;

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto as_tuple_awaitable = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds error_log_interval{1};  // of replies that are errors

// Where a suspended caller waits. It lives in the caller's coroutine frame, so waiting allocates nothing.
struct Waiter {
    using Handler = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;

    std::span<Reply> replies;
    std::size_t received = 0;
    bool has_failed = false;
    std::optional<Handler> resume{};
};

// Commands on their way whose replies are not all here yet.
struct Pending {
    Waiter* waiter;  // nullptr: nobody waits
    std::size_t missing;
    Clock::time_point given_at;
};

}  // namespace

class RedisConnection::Implementation : public std::enable_shared_from_this<Implementation> {
public:
    Implementation(asio::io_context& loop, RedisAddress address, Log& log, Limits limits)
        : loop_(loop),
          address_(address.describe()),
          log_(log),
          limits_(limits),
          transport_(loop, std::move(address), log),
          delay_timer_(loop),
          deadline_timer_(loop),
          reconnect_(limits.reconnect_delay_min, limits.reconnect_delay_max) {}

    void start();
    void stop();
    bool is_ready() const { return state_ == State::ready; }
    std::uint64_t reconnects() const { return reconnect_.reconnects(); }

    // `waiter` may be null; false: not accepted, nothing was sent.
    bool submit(const Pipeline& pipeline, Waiter* waiter);
    awaitable<bool> wait_until_ready(std::chrono::milliseconds limit);

private:
    enum class State { idle, connecting, ready, stopped };

    awaitable<void> keep_connected();
    awaitable<error_code> read_replies();

    void become_ready();
    void fail_pending();
    void flush();
    void on_written(error_code ec);
    void watch_deadline();
    bool deliver(Reply reply);
    bool take_buffered_replies();
    void note_error_reply(std::string_view text);

    asio::io_context& loop_;
    const std::string address_;  // for logs
    Log& log_;
    Limits limits_;

    RedisTransport transport_;
    asio::steady_timer delay_timer_;
    asio::steady_timer deadline_timer_;
    std::vector<asio::steady_timer*> ready_waiters_;

    State state_ = State::idle;
    Reconnect reconnect_;
    std::minstd_rand random_{std::random_device{}()};

    std::string outgoing_;   // commands given since the last write began
    std::string in_flight_;  // what is being written
    bool is_flush_due_ = false;
    bool is_writing_ = false;
    bool is_deadline_watched_ = false;
    Clock::time_point turn_began_;  // when the first command in outgoing_ was given
    std::deque<Pending> pending_;
    std::size_t commands_in_flight_ = 0;
    Clock::time_point error_logged_at_;
};

// ---- the life of the connection

void RedisConnection::Implementation::start() {
    if (state_ != State::idle) return;
    state_ = State::connecting;
    asio::co_spawn(loop_, keep_connected(), [self = shared_from_this()](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
}

void RedisConnection::Implementation::stop() {
    state_ = State::stopped;
    transport_.close();
    delay_timer_.cancel();
    for (auto* waiter : ready_waiters_)
        waiter->cancel();
    fail_pending();
}

awaitable<void> RedisConnection::Implementation::keep_connected() {
    while (state_ != State::stopped) {
        auto failure = co_await transport_.open(limits_.connect_timeout);
        if (!failure && state_ != State::stopped) {
            become_ready();
            failure = co_await read_replies();
        }
        if (state_ == State::stopped) co_return;

        const bool was_ready = is_ready();
        state_ = State::connecting;
        transport_.close();
        fail_pending();
        const auto delay = reconnect_.on_failure(std::uniform_real_distribution<>{}(random_));
        log_.write(was_ready ? LogLevel::warning : LogLevel::info, "Redis is not reachable",
                   {
                       {"address", address_         },
                       {"error",   failure.message()}
        });
        delay_timer_.expires_after(delay);
        co_await delay_timer_.async_wait(as_tuple_awaitable);
    }
}

void RedisConnection::Implementation::become_ready() {
    state_ = State::ready;
    reconnect_.on_ready();
    log_.info("Connected to Redis", {
                                        {"address", address_}
    });
    for (auto* waiter : ready_waiters_)
        waiter->cancel();
}

awaitable<bool> RedisConnection::Implementation::wait_until_ready(std::chrono::milliseconds limit) {
    const auto self = shared_from_this();
    if (is_ready() || state_ == State::stopped) co_return is_ready();
    asio::steady_timer timer(loop_, limit);
    ready_waiters_.push_back(&timer);
    co_await timer.async_wait(as_tuple_awaitable);
    std::erase(ready_waiters_, &timer);
    co_return is_ready();
}

// Callers resume from the loop, in order, never from within what failed them.
void RedisConnection::Implementation::fail_pending() {
    deadline_timer_.cancel();
    outgoing_.clear();
    commands_in_flight_ = 0;
    for (const auto& pending : std::exchange(pending_, {})) {
        if (!pending.waiter) continue;
        pending.waiter->has_failed = true;
        asio::post(loop_, std::move(*pending.waiter->resume));
    }
}

// ---- commands out

bool RedisConnection::Implementation::submit(const Pipeline& pipeline, Waiter* waiter) {
    if (!is_ready() || commands_in_flight_ + pipeline.size() > limits_.commands_in_flight_max) return false;

    if (!is_flush_due_) {
        is_flush_due_ = true;
        turn_began_ = Clock::now();
        asio::post(loop_, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->flush();
        });
    }
    outgoing_ += pipeline.bytes();
    commands_in_flight_ += pipeline.size();
    pending_.push_back({waiter, pipeline.size(), turn_began_});
    if (!is_deadline_watched_) watch_deadline();
    return true;
}

// Everything given in one turn of the loop, or while a write was under way, leaves in one write.
void RedisConnection::Implementation::flush() {
    is_flush_due_ = false;
    if (is_writing_ || outgoing_.empty()) return;
    is_writing_ = true;
    in_flight_.clear();
    std::swap(outgoing_, in_flight_);
    asio::async_write(transport_.socket(), asio::buffer(in_flight_),
                      [self = shared_from_this()](error_code ec, std::size_t) { self->on_written(ec); });
}

void RedisConnection::Implementation::on_written(error_code ec) {
    is_writing_ = false;
    if (ec) return;  // the reading side sees the loss too, and acts on it
    flush();
}

void RedisConnection::Implementation::watch_deadline() {
    if (pending_.empty()) return;
    is_deadline_watched_ = true;
    deadline_timer_.expires_at(pending_.front().given_at + limits_.timeout);
    deadline_timer_.async_wait([weak = weak_from_this()](error_code) {
        const auto self = weak.lock();
        if (!self) return;
        self->is_deadline_watched_ = false;
        const bool is_late = !self->pending_.empty() &&
                             self->pending_.front().given_at + self->limits_.timeout <= Clock::now();
        if (is_late) {
            self->log_.warning("Redis did not answer in time", {
                                                                   {"address", self->address_}
            });
            self->transport_.close();
        } else {
            self->watch_deadline();
        }
    });
}

// ---- replies in

awaitable<error_code> RedisConnection::Implementation::read_replies() {
    for (;;) {
        if (const auto ec = co_await transport_.receive()) co_return ec;
        if (!take_buffered_replies()) co_return Error::unavailable;
        if (!is_ready()) co_return asio::error::operation_aborted;
    }
}

// False when the connection is of no more use.
bool RedisConnection::Implementation::take_buffered_replies() {
    for (;;) {
        auto reply = transport_.next_reply();
        if (!reply) return false;
        if (!*reply) return true;
        if (!deliver(std::move(**reply))) return false;
    }
}

// False when scripts are gone from Redis (SCRIPT FLUSH): connecting anew loads them, and callers repeat.
bool RedisConnection::Implementation::deliver(Reply reply) {
    if (pending_.empty()) return false;
    if (reply.is_error()) note_error_reply(reply.text());
    if (reply.is_error() && reply.text().starts_with("NOSCRIPT")) return false;

    auto& pending = pending_.front();
    auto* const waiter = pending.waiter;
    --commands_in_flight_;
    --pending.missing;
    const bool is_complete = pending.missing == 0;
    if (is_complete) pending_.pop_front();
    if (!waiter) return true;

    waiter->has_failed |= reply.is_error();
    waiter->replies[waiter->received++] = std::move(reply);
    if (is_complete) {
        auto resume = std::move(*waiter->resume);
        std::move(resume)();
    }
    return true;
}

void RedisConnection::Implementation::note_error_reply(std::string_view text) {
    const auto now = Clock::now();
    if (now - error_logged_at_ < error_log_interval) return;
    error_logged_at_ = now;
    log_.error("Redis answered with an error", {
                                                   {"error", text}
    });
}

// ---- what callers see

RedisConnection::RedisConnection(asio::io_context& loop, RedisAddress address, Log& log, Limits limits)
    : implementation_(std::make_shared<Implementation>(loop, std::move(address), log, limits)) {}

RedisConnection::~RedisConnection() {
    implementation_->stop();
}

void RedisConnection::start() {
    implementation_->start();
}
void RedisConnection::stop() {
    implementation_->stop();
}
bool RedisConnection::is_ready() const {
    return implementation_->is_ready();
}
std::uint64_t RedisConnection::reconnects() const {
    return implementation_->reconnects();
}

awaitable<bool> RedisConnection::wait_until_ready(std::chrono::milliseconds limit) {
    return implementation_->wait_until_ready(limit);
}

awaitable<bool> RedisConnection::exchange(const Pipeline& pipeline, std::span<Reply> replies) {
    Waiter waiter{replies};
    if (!implementation_->submit(pipeline, &waiter)) co_return false;

    const auto keep = [&waiter](Waiter::Handler handler) { waiter.resume.emplace(std::move(handler)); };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(keep, asio::use_awaitable);
    co_return !waiter.has_failed;
}

awaitable<result<Reply>> RedisConnection::execute(Pipeline one) {
    BOOST_ASSERT(one.size() == 1);
    Reply reply;
    const bool is_answered = co_await exchange(one, std::span(&reply, 1));
    if (!is_answered) co_return Error::unavailable;
    co_return std::move(reply);
}

awaitable<result<std::vector<Reply>>> RedisConnection::execute_all(Pipeline several) {
    std::vector<Reply> replies(several.size());
    if (replies.empty()) co_return std::move(replies);
    const bool is_answered = co_await exchange(several, replies);
    if (!is_answered) co_return Error::unavailable;
    co_return std::move(replies);
}

bool RedisConnection::send(const Pipeline& unawaited) {
    return implementation_->submit(unawaited, nullptr);
}

}  // namespace hourglass::store

#include "store/redis_connection.hpp"

#include "store/reconnect.hpp"
#include "store/redis_transport.hpp"

#include <boost/asio.hpp>
#include <boost/assert.hpp>

#include <exception>
#include <random>

namespace hourglass::store {
namespace asio = boost::asio;

namespace {

using Clock = CommandQueue::Clock;

constexpr auto as_tuple_awaitable = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds error_log_interval{1};  // of replies that are errors

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
          company_timer_(loop),
          reconnect_(limits.reconnect_delay_min, limits.reconnect_delay_max) {}

    void start();
    void stop();
    bool is_ready() const { return state_ == State::ready; }
    bool has_hung_up() { return is_ready() && transport_.has_hung_up(); }
    bool is_behind() const;
    const Limits& limits() const { return limits_; }
    void set_group_commit(std::chrono::microseconds moment) { queue_.set_group_commit(moment); }
    Clock::time_point company_leaves_at() const { return queue_.end_of_moment(Clock::now()); }
    std::uint64_t reconnects() const { return reconnect_.reconnects(); }

    // `waiter` may be null; false: not accepted, nothing was sent.
    bool submit(const Pipeline& pipeline, ReplyWaiter* waiter, Urgency urgency);
    awaitable<bool> wait_until_ready(std::chrono::milliseconds limit);

private:
    enum class State { idle, connecting, ready, stopped };

    awaitable<void> keep_connected();
    awaitable<error_code> read_replies();

    void become_ready();
    void fail_pending();
    void end_turn();
    void watch_company();
    void write();
    void on_written(error_code ec);
    void watch_deadline();
    Clock::time_point deadline() const;
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
    asio::steady_timer company_timer_;
    std::vector<asio::steady_timer*> ready_waiters_;

    State state_ = State::idle;
    Reconnect reconnect_;
    std::minstd_rand random_{std::random_device{}()};

    CommandQueue queue_;
    std::string in_flight_;  // what is being written
    bool is_turn_begun_ = false;
    bool is_writing_ = false;
    bool is_deadline_watched_ = false;
    bool is_company_watched_ = false;
    Clock::time_point turn_began_;  // when the first command of this turn of the loop was given
    Clock::time_point heard_at_;    // when octets came last
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
    company_timer_.cancel();
    for (auto* const waiter : queue_.abandon())
        asio::post(loop_, waiter->suspension.take());
}

bool RedisConnection::Limits::is_backlog(std::size_t waiting, Clock::time_point oldest) const {
    if (waiting <= backlog_commands_max) return false;
    // The other half is for what is in hand.
    if (waiting > commands_in_flight_max / 2) return true;
    return Clock::now() - oldest > backlog_age_max;
}

bool RedisConnection::Implementation::is_behind() const {
    return queue_.awaits_replies() && limits_.is_backlog(queue_.commands(), queue_.oldest_given_at());
}

// ---- commands out

bool RedisConnection::Implementation::submit(const Pipeline& pipeline, ReplyWaiter* waiter, Urgency urgency) {
    if (!is_ready() || queue_.commands() + pipeline.size() > limits_.commands_in_flight_max) return false;

    if (!is_turn_begun_) turn_began_ = Clock::now();
    queue_.give(pipeline, waiter, urgency, turn_began_);
    queue_.release_company(turn_began_);
    if (!is_company_watched_) watch_company();
    if (queue_.has_unwritten() && !is_turn_begun_) {
        is_turn_begun_ = true;
        asio::post(loop_, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->end_turn();
        });
    }
    return true;
}

void RedisConnection::Implementation::end_turn() {
    is_turn_begun_ = false;
    write();
    if (!is_deadline_watched_) watch_deadline();
}

void RedisConnection::Implementation::watch_company() {
    const auto leaves_at = queue_.company_leaves_at();
    if (!leaves_at) return;
    is_company_watched_ = true;
    company_timer_.expires_at(*leaves_at);
    company_timer_.async_wait([weak = weak_from_this()](error_code) {
        const auto self = weak.lock();
        if (!self) return;
        self->is_company_watched_ = false;
        self->queue_.release_company(Clock::now());
        self->end_turn();
        self->watch_company();
    });
}

// Everything that is to leave, or came to be while a write was under way, leaves in one write.
void RedisConnection::Implementation::write() {
    if (is_writing_ || !queue_.has_unwritten()) return;
    is_writing_ = true;
    queue_.take_unwritten(in_flight_);
    asio::async_write(transport_.socket(), asio::buffer(in_flight_),
                      [self = shared_from_this()](error_code ec, std::size_t) { self->on_written(ec); });
}

void RedisConnection::Implementation::on_written(error_code ec) {
    is_writing_ = false;
    if (ec) return;  // the reading side sees the loss too, and acts on it
    write();
}

// A Redis that is slow and goes on answering is no outage, however old the oldest command is.
void RedisConnection::Implementation::watch_deadline() {
    if (!queue_.awaits_replies()) return;
    is_deadline_watched_ = true;
    deadline_timer_.expires_at(deadline());
    deadline_timer_.async_wait([weak = weak_from_this()](error_code) {
        const auto self = weak.lock();
        if (!self) return;
        self->is_deadline_watched_ = false;
        const bool is_late = self->queue_.awaits_replies() && self->deadline() <= Clock::now();
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

Clock::time_point RedisConnection::Implementation::deadline() const {
    return std::max(queue_.oldest_given_at(), heard_at_) + limits_.timeout;
}

// ---- replies in

awaitable<error_code> RedisConnection::Implementation::read_replies() {
    for (;;) {
        if (const auto ec = co_await transport_.receive()) co_return ec;
        heard_at_ = Clock::now();
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
    if (!queue_.awaits_replies()) return false;
    if (reply.is_error()) note_error_reply(reply.text());
    if (reply.is_error() && reply.text().starts_with("NOSCRIPT")) return false;

    if (auto* const waiter = queue_.take_reply(std::move(reply))) waiter->suspension.resume();
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
bool RedisConnection::has_hung_up() const {
    return implementation_->has_hung_up();
}
bool RedisConnection::is_behind() const {
    return implementation_->is_behind();
}
const RedisConnection::Limits& RedisConnection::limits() const {
    return implementation_->limits();
}
void RedisConnection::set_group_commit(std::chrono::microseconds moment) {
    implementation_->set_group_commit(moment);
}
CommandQueue::Clock::time_point RedisConnection::company_leaves_at() const {
    return implementation_->company_leaves_at();
}
std::uint64_t RedisConnection::reconnects() const {
    return implementation_->reconnects();
}

awaitable<bool> RedisConnection::wait_until_ready(std::chrono::milliseconds limit) {
    return implementation_->wait_until_ready(limit);
}

awaitable<result<Reply>> RedisConnection::execute(Pipeline one, Urgency urgency) {
    BOOST_ASSERT(one.size() == 1);
    Reply reply;
    ReplyWaiter waiter{std::span(&reply, 1)};
    if (!implementation_->submit(one, &waiter, urgency)) co_return Error::unavailable;
    co_await waiter.suspension.wait();
    if (waiter.has_failed) co_return Error::unavailable;
    co_return std::move(reply);
}

awaitable<result<std::vector<Reply>>> RedisConnection::execute_all(Pipeline several, Urgency urgency) {
    std::vector<Reply> replies(several.size());
    if (replies.empty()) co_return std::move(replies);
    ReplyWaiter waiter{replies};
    if (!implementation_->submit(several, &waiter, urgency)) co_return Error::unavailable;
    co_await waiter.suspension.wait();
    if (waiter.has_failed) co_return Error::unavailable;
    co_return std::move(replies);
}

bool RedisConnection::send(const Pipeline& unawaited, Urgency urgency) {
    return implementation_->submit(unawaited, nullptr, urgency);
}

}  // namespace hourglass::store

#include "store/remembered_users.hpp"

#include "store/keys.hpp"
#include "store/reconnect.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/redis_transport.hpp"

#include <boost/asio.hpp>

#include <random>
#include <utility>

namespace hourglass::store {
namespace asio = boost::asio;

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto as_tuple_awaitable = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds connect_timeout{1000};
constexpr std::chrono::milliseconds reconnect_delay_min{50};
constexpr std::chrono::milliseconds reconnect_delay_max{5000};
constexpr std::string_view ping_command = "*1\r\n$4\r\nPING\r\n";
constexpr std::string_view changes_channel = "__redis__:invalidate";

}  // namespace

void add_change_barrier(Pipeline& pipeline) {
    pipeline.add({"PING"});
}

class RememberedUsers::Implementation : public std::enable_shared_from_this<Implementation> {
public:
    Implementation(asio::io_context& loop, RedisAddress address, RedisConnection& redis, Log& log,
                   std::size_t users_max)
        : loop_(loop),
          redis_(redis),
          log_(log),
          is_wanted_(users_max > 0),
          memory_(users_max),
          transport_(loop, std::move(address), log),
          pause_(loop) {}

    void start();
    void stop();
    void hear();
    bool is_sure() const;
    UserMemory& memory() { return memory_; }

private:
    awaitable<void> keep_listening();
    awaitable<error_code> subscribe();
    awaitable<void> watch();
    awaitable<void> track_reads();
    void wait_for_changes();
    void take_messages();
    void take_message(const Reply& message);
    void forget(const redisReply* key);
    bool is_tracking() const;
    bool is_silent() const { return pings_ > pongs_ && Clock::now() - pinged_at_ > silence_max; }
    void ping();
    void stop_using();
    void lose(std::string_view why);

    asio::io_context& loop_;
    RedisConnection& redis_;  // not after stop()
    Log& log_;
    const bool is_wanted_;
    UserMemory memory_;
    RedisTransport transport_;
    asio::steady_timer pause_;
    Reconnect reconnect_{reconnect_delay_min, reconnect_delay_max};
    std::minstd_rand random_{std::random_device{}()};

    bool is_started_ = false;
    bool is_stopped_ = false;
    bool is_listening_ = false;
    std::string client_id_;                 // of the connection that hears changes
    std::optional<std::uint64_t> tracked_;  // which of the worker's connections has its reads tracked
    std::uint64_t pings_ = 0;
    std::uint64_t pongs_ = 0;
    std::uint64_t pongs_needed_ = 0;  // until then something may be on its way that was answered elsewhere
    Clock::time_point pinged_at_;     // the first that was not answered
};

// ---- the life of the connection

void RememberedUsers::Implementation::start() {
    if (!is_wanted_ || std::exchange(is_started_, true)) return;
    asio::co_spawn(loop_, keep_listening(), [self = shared_from_this()](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
    });
}

void RememberedUsers::Implementation::stop() {
    is_stopped_ = true;
    lose("");
    transport_.close();
    pause_.cancel();
}

awaitable<void> RememberedUsers::Implementation::keep_listening() {
    while (!is_stopped_) {
        const auto failure = co_await subscribe();
        if (is_stopped_) co_return;
        if (!failure) {
            reconnect_.on_ready();
            co_await watch();
        }
        transport_.close();
        if (is_stopped_) co_return;
        pause_.expires_after(reconnect_.on_failure(std::uniform_real_distribution<>{}(random_)));
        co_await pause_.async_wait(as_tuple_awaitable);
    }
}

awaitable<error_code> RememberedUsers::Implementation::subscribe() {
    if (const auto failure = co_await transport_.open(connect_timeout)) co_return failure;
    const auto commands = Pipeline().add({"CLIENT", "ID"}).add({"SUBSCRIBE", changes_channel});
    const auto [unsent, octets] =
        co_await asio::async_write(transport_.socket(), asio::buffer(commands.bytes()), as_tuple_awaitable);
    if (unsent) co_return unsent;

    client_id_.clear();
    for (bool is_subscribed = false; !is_subscribed;) {
        const auto reply = transport_.next_reply();
        if (!reply) co_return reply.error();
        if (!*reply) {
            if (const auto failure = co_await transport_.receive()) co_return failure;
            continue;
        }
        if ((*reply)->is_error()) {
            log_.warning("Users are not remembered, for Redis does not tell their changes",
                         {
                             {"error", (*reply)->text()}
            });
            co_return Error::unavailable;
        }
        if (client_id_.empty())
            client_id_ = std::to_string((*reply)->integer());
        else
            is_subscribed = (*reply)->is_array();
    }
    co_return error_code();
}

// Until the connection is lost.
awaitable<void> RememberedUsers::Implementation::watch() {
    is_listening_ = true;
    pings_ = pongs_ = pongs_needed_ = 0;
    take_messages();
    wait_for_changes();
    while (is_listening_) {
        if (!is_tracking() && redis_.is_ready()) co_await track_reads();
        if (!is_listening_) co_return;
        if (is_silent()) co_return lose("no answer");
        ping();
        redis_.send(Pipeline().add({"PING"}));
        pause_.expires_after(heartbeat_interval);
        co_await pause_.async_wait(as_tuple_awaitable);
    }
}

// On the worker's connection as it is now, for as long as it is.
awaitable<void> RememberedUsers::Implementation::track_reads() {
    const auto connection = redis_.reconnects();
    stop_using();
    auto tracking = Pipeline().add({"CLIENT", "TRACKING", "ON", "REDIRECT", client_id_, "OPTIN"});
    const auto reply = co_await redis_.execute(std::move(tracking));
    if (is_stopped_ || !is_listening_ || !reply || redis_.reconnects() != connection) co_return;
    tracked_ = connection;
}

void RememberedUsers::Implementation::stop_using() {
    memory_.clear();
    tracked_.reset();
}

bool RememberedUsers::Implementation::is_tracking() const {
    return tracked_ && redis_.is_ready() && *tracked_ == redis_.reconnects();
}

bool RememberedUsers::Implementation::is_sure() const {
    return is_listening_ && pongs_ >= pongs_needed_ && is_tracking();
}

void RememberedUsers::Implementation::lose(std::string_view why) {
    stop_using();
    if (!std::exchange(is_listening_, false)) return;
    transport_.close();
    pause_.cancel();
    if (!why.empty() && !is_stopped_)
        log_.info("Changes of users cannot be heard; logins ask Redis meanwhile", {
                                                                                      {"error", why}
        });
}

// ---- what is heard

// An idle worker hears too, so that nothing piles up.
void RememberedUsers::Implementation::wait_for_changes() {
    transport_.socket().async_wait(asio::socket_base::wait_read,
                                   [weak = weak_from_this()](error_code cancelled) {
                                       const auto self = weak.lock();
                                       if (cancelled || !self || !self->is_listening_) return;
                                       self->hear();
                                       if (self->is_listening_) self->wait_for_changes();
                                   });
}

void RememberedUsers::Implementation::hear() {
    if (!is_listening_) return;
    if (is_tracking() && redis_.has_hung_up()) stop_using();
    std::size_t heard = 0;
    for (;;) {
        const auto octets = transport_.receive_now();
        if (!octets && octets.error() == asio::error::would_block) break;
        if (!octets) return lose(octets.error().message());
        heard += *octets;
        take_messages();
        if (!is_listening_) return;
        if (*octets < RedisTransport::read_octets) break;
    }
    if (heard < backlog_octets) return;
    ping();
    pongs_needed_ = pings_;
}

void RememberedUsers::Implementation::take_messages() {
    for (;;) {
        const auto message = transport_.next_reply();
        if (!message) return lose(message.error().message());
        if (!*message) return;
        take_message(**message);
    }
}

// {"message", channel, keys} or {"pong", ""}. No keys: all that there are.
void RememberedUsers::Implementation::take_message(const Reply& message) {
    const auto parts = message.elements();
    if (parts.size() == 2) {
        ++pongs_;
        pinged_at_ = Clock::now();
    }
    if (parts.size() != 3 || text_of(parts[0]) != "message") return;
    if (is_nil(parts[2])) return memory_.clear();
    for (const auto* key : elements_of(parts[2]))
        forget(key);
}

void RememberedUsers::Implementation::forget(const redisReply* key) {
    const auto parts = keys::read_user_key(text_of(key));
    if (!parts) return;
    if (parts->what == keys::account_part)
        memory_.forget_account(parts->user);
    else
        memory_.forget(parts->user);
}

// So short that a socket which does not take it whole is of no use.
void RememberedUsers::Implementation::ping() {
    if (pings_ == pongs_) pinged_at_ = Clock::now();
    ++pings_;
    error_code failure;
    const auto octets = transport_.socket().write_some(asio::buffer(ping_command), failure);
    if (failure || octets < ping_command.size()) lose("cannot be written to");
}

// ---- what others see

RememberedUsers::RememberedUsers(asio::io_context& loop, RedisAddress address, RedisConnection& redis,
                                 Log& log, std::size_t users_max)
    : implementation_(std::make_shared<Implementation>(loop, std::move(address), redis, log, users_max)) {}

RememberedUsers::~RememberedUsers() {
    implementation_->stop();
}

void RememberedUsers::start() {
    implementation_->start();
}
void RememberedUsers::stop() {
    implementation_->stop();
}
void RememberedUsers::hear() {
    implementation_->hear();
}
bool RememberedUsers::is_sure() const {
    return implementation_->is_sure();
}
UserMemory& RememberedUsers::memory() {
    return implementation_->memory();
}
const UserMemory& RememberedUsers::memory() const {
    return implementation_->memory();
}

}  // namespace hourglass::store

#include "daemon/offline_store.hpp"

#include "daemon/sentences.hpp"
#include "store/redis_safety.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace hourglass::daemon {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds connect_limit{10};
constexpr std::chrono::seconds end_limit{10};

// Before Redis goes, whatever has come of the task: otherwise the connection would be missed and looked for.
class Connected {
public:
    explicit Connected(store::RedisConnection& redis) : redis_(redis) { redis_.start(); }
    ~Connected() { redis_.stop(); }
    Connected(const Connected&) = delete;
    Connected& operator=(const Connected&) = delete;

private:
    store::RedisConnection& redis_;
};

}  // namespace

awaitable<void> TemporaryRedis::run(std::function<awaitable<void>()> task) {
    co_await start();
    std::exception_ptr failure;
    try {
        co_await task();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await stop();
    if (failure) std::rethrow_exception(failure);
}

awaitable<void> TemporaryRedis::start() {
    co_await server_.start();
    is_running_ = true;
    asio::co_spawn(loop_, server_.keep_running(), [this](const std::exception_ptr&) {
        is_running_ = false;
        ended_.cancel();
    });
}

awaitable<void> TemporaryRedis::stop() {
    server_.stop();
    ended_.expires_after(end_limit);
    if (is_running_) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
}

OfflineStore::OfflineStore(const Configuration& configuration, Log& log)
    : configuration_(configuration),
      log_(log),
      state_directory_(configuration.settings.daemon_state_dir),
      secrets_(store::SecretBox::from_file(state_directory_.path() / "secret.key")),
      redis_(make_redis()),
      redis_address_(make_redis_address()),
      store_(loop_, redis_address_, secrets_, log) {
    store_.rules = {
        .interim_interval = std::chrono::seconds(configuration.settings.radius_interim_interval_s),
        .retention = std::chrono::days(configuration.settings.accounting_retention_days)};
}

std::unique_ptr<TemporaryRedis> OfflineStore::make_redis() {
    if (configuration_.settings.store_redis != "embedded") return nullptr;
    return std::make_unique<TemporaryRedis>(loop_, directory() / "redis", log_);
}

store::RedisAddress OfflineStore::make_redis_address() const {
    return redis_ ? redis_->address() : store::RedisAddress::parse(configuration_.settings.store_redis);
}

void OfflineStore::run(Task task) {
    std::exception_ptr failure;
    asio::co_spawn(loop_, work(std::move(task)), [&](const std::exception_ptr& thrown) {
        failure = thrown;
        loop_.stop();
    });
    loop_.run();
    if (failure) std::rethrow_exception(failure);
}

awaitable<void> OfflineStore::work(Task task) {
    if (!redis_) co_return co_await serve(task);
    co_await redis_->run([this, &task] { return serve(task); });
}

awaitable<void> OfflineStore::serve(const Task& task) {
    const Connected connected(store_.redis);
    co_await expect_safe_redis();
    co_await task(store_);
}

awaitable<void> OfflineStore::expect_safe_redis() {
    const bool is_ready = co_await store_.redis.wait_until_ready(connect_limit);
    if (!is_ready) throw std::runtime_error("Redis at " + redis_address_.describe() + " cannot be reached.");
    const auto hazards = co_await store::find_hazards(store_.redis);
    if (!hazards) throw std::runtime_error("Redis could not be checked: " + hazards.error().message() + ".");
    if (!hazards->empty() && !configuration_.settings.store_allow_unsafe)
        throw std::runtime_error("This Redis may lose money: " + joined(*hazards, "; ") + ".");
}

}  // namespace hourglass::daemon

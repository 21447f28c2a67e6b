#include "daemon/app.hpp"

#include "daemon/addresses.hpp"
#include "daemon/first_token.hpp"
#include "daemon/metrics.hpp"
#include "daemon/service_manager.hpp"
#include "radius/udp_socket.hpp"
#include "store/redis_safety.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
using namespace boost::asio::experimental::awaitable_operators;
namespace asio = boost::asio;
using Timer = asio::steady_timer;

constexpr std::chrono::milliseconds connect_report_interval = 5s;
constexpr std::chrono::milliseconds connect_poll_interval = 250ms;
constexpr Timer::duration safety_check_interval = 1min;
constexpr Timer::duration beat_interval_max = 1s;
// Together less than the five seconds in which the daemon promises to end.
constexpr Timer::duration drain_limit = 2500ms;
constexpr Timer::duration abandon_limit = 300ms;
constexpr Timer::duration redis_end_limit = 1500ms;
static_assert(drain_limit + abandon_limit + redis_end_limit < 5s);

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);

awaitable<void> sleep(Timer::duration duration) {
    Timer timer(co_await asio::this_coro::executor, duration);
    co_await timer.async_wait(outcome);
}

std::size_t worker_count(const Settings& settings) {
    if (settings.daemon_workers > 0) return static_cast<std::size_t>(settings.daemon_workers);
    return std::max(1u, std::thread::hardware_concurrency());
}

// The workers share their ports by SO_REUSEPORT, which would let a second daemon of the same user in as well.
void require_free(std::string_view setting, const std::vector<std::string>& addresses) {
    for (const auto& address : addresses) {
        try {
            radius::require_free(to_endpoints<asio::ip::udp::endpoint>({address}).front());
        } catch (const boost::system::system_error& failure) {
            throw std::runtime_error("The address " + address + " (" + std::string(setting) +
                                     ") cannot be used: " + failure.code().message() + ".");
        }
    }
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
    std::string text;
    for (const auto& item : items)
        text.append(text.empty() ? "" : separator).append(item);
    return text;
}

}  // namespace

template <class Visit>
void App::for_each_service(Visit visit) const {
    for (const auto& worker : workers_)
        visit(*worker);
    visit(*api_);
}

App::App(Configuration configuration, Logging& log)
    : log_(log),
      configuration_(std::move(configuration)),
      signals_(loop_, SIGTERM, SIGINT, SIGHUP),
      stop_requested_(loop_, Timer::time_point::max()),
      services_drained_(loop_),
      redis_ended_(loop_),
      state_directory_(configuration_.settings.daemon_state_dir),
      secrets_(store::SecretBox::from_file(state_directory_.path() / "secret.key")),
      nas_memory_(state_directory_.path() / "learned", log),
      embedded_redis_(make_embedded_redis()),
      redis_address_(redis_address()),
      store_(loop_, redis_address_, secrets_, log),
      workers_(make_workers()),
      api_(make_api()) {}

std::unique_ptr<EmbeddedRedis> App::make_embedded_redis() {
    if (configuration_.settings.store_redis != "embedded") return nullptr;
    return std::make_unique<EmbeddedRedis>(loop_, state_directory_.path() / "redis", log_);
}

store::RedisAddress App::redis_address() const {
    if (embedded_redis_) return embedded_redis_->address();
    return store::RedisAddress::parse(configuration_.settings.store_redis);
}

std::vector<std::unique_ptr<App::RadiusThread>> App::make_workers() {
    const auto& settings = configuration_.settings;
    require_free("radius.auth", settings.radius_auth);
    require_free("radius.acct", settings.radius_acct);

    const radius::Server::Sockets sockets{
        .auth = to_endpoints<asio::ip::udp::endpoint>(settings.radius_auth),
        .acct = to_endpoints<asio::ip::udp::endpoint>(settings.radius_acct),
    };
    const auto snapshot = make_snapshot();
    const auto learn_on_main = [this](const radius::LearnedFact& fact) {
        asio::post(loop_, [this, fact] { learn(fact); });
    };
    std::vector<std::unique_ptr<RadiusThread>> workers;
    for (std::size_t i = 0; i < worker_count(settings); ++i) {
        workers.push_back(std::make_unique<RadiusThread>(redis_address_, secrets_, log_, sockets, snapshot,
                                                         learn_on_main, log_));
    }
    return workers;
}

std::unique_ptr<App::ApiThread> App::make_api() {
    const api::Settings settings{
        .listen = to_endpoints<asio::ip::tcp::endpoint>(configuration_.settings.api_listen),
        .default_user_time = configuration_.settings.accounting_default_user_time,
    };
    const api::Health health{
        .is_ready = [this] { return is_safe_ && api_->is_redis_ready_now(); },
        .metrics = [this] { return metrics(); },
    };
    return std::make_unique<ApiThread>(redis_address_, secrets_, log_, settings, health, log_);
}

void App::run() {
    spawn(handle_signals());
    spawn(live());
    loop_.run();
    if (failure_) std::rethrow_exception(failure_);
}

// A part of the main loop that fails ends the daemon; run() tells why.
void App::spawn(awaitable<void> task) {
    asio::co_spawn(loop_, std::move(task), [this](std::exception_ptr failure) {
        if (!failure) return;
        failure_ = failure;
        loop_.stop();
    });
}

awaitable<void> App::live() {
    const bool has_store = co_await start_redis() && co_await connect();
    if (has_store) {
        co_await refuse_unsafe_redis();
        co_await leave_first_token(store_, state_directory_.path(), log_);
        start_services();
        if (!is_stopping_) co_await stop_requested_.async_wait(outcome);
        co_await drain_services();
    }
    co_await stop_redis();
    log_.notice("hourglassd has ended");
    loop_.stop();
}

awaitable<bool> App::start_redis() {
    if (!embedded_redis_) co_return true;
    service_manager::status("Starting the embedded Redis");
    const bool has_started = co_await embedded_redis_->start();
    is_redis_running_ = true;
    asio::co_spawn(loop_, embedded_redis_->keep_running(), [this](std::exception_ptr failure) {
        is_redis_running_ = false;
        redis_ended_.cancel();
        if (failure) failure_ = failure;
        if (failure) request_stop();
    });
    co_return has_started;
}

awaitable<bool> App::connect() {
    store_.redis.start();
    const auto where = redis_address_.describe();
    std::chrono::milliseconds waited{};
    while (!is_stopping_) {
        const bool is_ready = co_await store_.redis.wait_until_ready(connect_poll_interval);
        if (is_ready) co_return true;
        waited += connect_poll_interval;
        if (waited % connect_report_interval != 0ms) continue;
        log_.warning("Redis is not reachable yet; RADIUS and the API wait for it", {
                                                                                       {"redis", where}
        });
        service_manager::status("Waiting for Redis at " + where);
    }
    co_return false;
}

awaitable<void> App::refuse_unsafe_redis() {
    const auto hazards = co_await store::find_hazards(store_.redis);
    if (!hazards) throw std::runtime_error("Redis could not be checked: " + hazards.error().message() + ".");
    if (!hazards->empty() && !configuration_.settings.store_allow_unsafe) {
        throw std::runtime_error("This Redis may lose money: " + joined(*hazards, " ") +
                                 " (store.allow_unsafe = true takes it for an experiment.)");
    }
    for (const auto& hazard : *hazards)
        log_.warning(hazard);
    is_safe_ = true;
}

void App::start_services() {
    clients_ = configuration_.clients.size();
    for (const auto& worker : workers_)
        worker->start();
    api_->start();
    spawn(watch_safety());
    spawn(beat());

    const auto workers = std::to_string(workers_.size());
    const auto where = redis_address_.describe();
    log_.notice("hourglassd " HOURGLASS_VERSION " is ready",
                {
                    {"workers", workers},
                    {"auth", joined(configuration_.settings.radius_auth, " ")},
                    {"acct", joined(configuration_.settings.radius_acct, " ")},
                    {"api", joined(configuration_.settings.api_listen, " ")},
                    {"redis", where}
    });
    status_ = "Serving with " + workers + " workers, Redis at " + where;
    service_manager::ready(status_);
}

awaitable<void> App::drain_services() {
    service_manager::stopping();
    log_.notice("hourglassd is ending: what is in hand is finished first");
    const auto on_drained = [this] {
        asio::post(loop_, [this] {
            if (--undrained_services_ == 0) services_drained_.cancel();
        });
    };
    undrained_services_ = workers_.size() + 1;
    services_drained_.expires_after(drain_limit);
    for_each_service([&](auto& service) { service.drain(on_drained); });
    co_await services_drained_.async_wait(outcome);

    if (undrained_services_ > 0) {
        const auto left = std::to_string(undrained_services_);
        log_.warning("Some requests could not be finished in time", {
                                                                        {"threads", left}
        });
        for_each_service([](auto& service) { service.abandon(); });
        co_await sleep(abandon_limit);
    }
    api_.reset();
    workers_.clear();
}

awaitable<void> App::stop_redis() {
    store_.redis.stop();
    if (!embedded_redis_) co_return;
    embedded_redis_->stop();
    redis_ended_.expires_after(redis_end_limit);
    if (is_redis_running_) co_await redis_ended_.async_wait(outcome);
}

awaitable<void> App::handle_signals() {
    for (;;) {
        const int signal = co_await signals_.async_wait(asio::use_awaitable);
        if (signal == SIGHUP) {
            reload();
        } else {
            request_stop();
        }
    }
}

void App::request_stop() {
    is_stopping_ = true;
    is_safe_ = false;  // /readyz says no from here on
    stop_requested_.cancel();
    if (embedded_redis_ && !is_redis_running_) embedded_redis_->stop();
}

void App::reload() {
    service_manager::reloading();
    try {
        const auto fresh = load_configuration(configuration_.file, configuration_.has_file);
        const auto changes = reload_configuration(configuration_, fresh);
        log_.set_level(parse_log_level(configuration_.settings.daemon_log_level).value());
        publish_snapshot();
        log_.notice("The settings were read again", {
                                                        {"changed", joined(changes.in_force, " ")}
        });
        if (!changes.after_restart.empty()) {
            const auto waiting = joined(changes.after_restart, " ");
            log_.warning("Some changed settings take a restart", {
                                                                     {"settings", waiting}
            });
        }
    } catch (const SettingsError& mistake) {
        log_.error("The settings stay as they were: " + std::string(mistake.what()));
    }
    service_manager::ready(status_);
}

std::shared_ptr<const radius::Snapshot> App::make_snapshot() const {
    const auto& settings = configuration_.settings;
    const radius::Policy policy{
        .reject_delay = std::chrono::milliseconds(settings.radius_reject_delay_ms),
        .interim_interval = std::chrono::seconds(settings.radius_interim_interval_s),
    };
    return std::make_shared<const radius::Snapshot>(
        radius::Snapshot{radius::Clients(radius_clients(configuration_)), policy, nas_memory_.all()});
}

void App::publish_snapshot() {
    const auto snapshot = make_snapshot();
    clients_ = configuration_.clients.size();
    for (const auto& worker : workers_) {
        worker->post([snapshot](radius::Server& server) { server.replace(snapshot); });
    }
}

// Published and saved by the next beat(), together with what else is learned until then.
void App::learn(const radius::LearnedFact& fact) {
    if (nas_memory_.add(fact)) has_learned_ = true;
}

// Somebody may change a Redis that runs elsewhere, or make it a replica.
awaitable<void> App::watch_safety() {
    while (!is_stopping_) {
        co_await sleep(safety_check_interval);
        const auto hazards = co_await store::find_hazards(store_.redis);
        if (!hazards || is_stopping_) continue;  // that it is away, the connection logs
        for (const auto& hazard : *hazards)
            log_.error(hazard);
        is_safe_ = hazards->empty() || configuration_.settings.store_allow_unsafe;
    }
}

// Once a second, or as often as the watchdog wants it: systemd hears that we are alive only while every event
// loop turns.
awaitable<void> App::beat() {
    const auto watchdog = service_manager::watchdog_limit();
    const auto interval =
        watchdog ? std::min<Timer::duration>(*watchdog / 3, beat_interval_max) : beat_interval_max;
    while (!is_stopping_) {
        if (has_pulse()) {
            service_manager::is_alive();
            for_each_service([](auto& service) { service.ping(); });
        }
        if (std::exchange(has_learned_, false)) {
            nas_memory_.save();
            publish_snapshot();
        }
        co_await sleep(interval);
    }
}

bool App::has_pulse() const {
    bool all_answered = true;
    for_each_service([&](const auto& service) { all_answered = all_answered && service.has_answered(); });
    return all_answered;
}

// Called on the API's thread; all it reads is constant by then, or atomic.
std::string App::metrics() const {
    MetricsSources sources;
    sources.is_store_safe = is_safe_;
    sources.radius_clients = clients_;
    sources.started_at = started_at_;
    sources.process = measure_process();
    sources.api_requests = api_->server().requests();
    for (const auto& worker : workers_)
        sources.workers.push_back(&worker->server().counters());
    for_each_service([&](const auto& service) {
        ++sources.redis_connections;
        sources.redis_connections_ready += service.is_redis_ready() ? 1 : 0;
        sources.redis_reconnects += service.reconnects();
    });
    return format_metrics(sources);
}

}  // namespace hourglass::daemon

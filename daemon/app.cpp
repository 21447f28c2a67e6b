// How the daemon comes up and ends.
#include "daemon/app.hpp"

#include "daemon/addresses.hpp"
#include "daemon/condition.hpp"
#include "daemon/credentials.hpp"
#include "daemon/data_version.hpp"
#include "daemon/first_token.hpp"
#include "daemon/sentences.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/tls_certificate.hpp"
#include "radius/udp_socket.hpp"
#include "store/redis_safety.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Timer = asio::steady_timer;

constexpr std::chrono::milliseconds connect_report_interval = 5s;
constexpr std::chrono::milliseconds connect_poll_interval = 250ms;
constexpr Timer::duration connected_poll_interval = 5ms;
// Then usage goes to the journal, for NASes of the settings: those of the registry are not known yet.
constexpr Timer::duration patience_with_store = 1s;
// What must not hold up the API's replies.
constexpr Timer::duration in_force_limit = 3s;
constexpr Timer::duration gather_limit = 1s;
// Together less than the five seconds in which the daemon promises to end.
constexpr Timer::duration drain_limit = 2500ms;
constexpr Timer::duration abandon_limit = 300ms;
constexpr std::chrono::milliseconds endings_limit = 300ms;
constexpr Timer::duration sightings_limit = 300ms;
constexpr Timer::duration redis_end_limit = 1500ms;
static_assert(drain_limit + abandon_limit + endings_limit + sightings_limit + redis_end_limit < 5s);

constexpr std::size_t none_remembered = 0;  // the API tells what is in Redis

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);

std::runtime_error unusable(std::string_view setting, const std::string& address,
                            const boost::system::system_error& failure) {
    return std::runtime_error("The address " + address + " (" + std::string(setting) +
                              ") cannot be used: " + failure.code().message() + ".");
}

}  // namespace

App::App(Configuration configuration, Logging& log)
    : log_(log),
      configuration_(std::move(configuration)),
      signals_(loop_, SIGTERM, SIGINT, SIGHUP),
      stop_requested_(loop_, Timer::time_point::max()),
      services_drained_(loop_),
      redis_ended_(loop_),
      registry_errand_(loop_),
      sightings_errand_(loop_),
      state_directory_(configuration_.settings.daemon_state_dir),
      held_sockets_(take_held_sockets()),
      secrets_(open_secrets()),
      nas_memory_(log),
      embedded_redis_(make_embedded_redis()),
      redis_address_(redis_address()),
      store_(loop_, redis_address_, secrets_, log, none_remembered, &users_in_hand_),
      registry_(store_.registry, load_dictionary(), log),
      journal_(make_journal()),
      workers_(make_workers()),
      sender_(make_sender()),
      endings_(loop_, store_, *sender_, make_snapshot(), log),
      api_(make_api()) {
    hold_sockets();
}

store::SecretBox App::open_secrets() const {
    const auto& file = configuration_.settings.daemon_secret_key;
    if (file.empty()) return store::SecretBox::from_file(state_directory_.path() / "secret.key");
    return store::SecretBox::from_existing_file(find_credential(file));
}

std::unique_ptr<EmbeddedRedis> App::make_embedded_redis() {
    if (configuration_.settings.store_redis != "embedded") return nullptr;
    return std::make_unique<EmbeddedRedis>(loop_, state_directory_.path() / "redis", log_);
}

store::RedisAddress App::redis_address() const {
    if (embedded_redis_) return embedded_redis_->address();
    return store::RedisAddress::parse(configuration_.settings.store_redis);
}

// Switched off, one that an earlier run left is still replayed.
std::unique_ptr<UsageJournal> App::make_journal() {
    const auto& settings = configuration_.settings;
    const auto directory = state_directory_.path() / "journal";
    if (!settings.accounting_journal && !std::filesystem::exists(directory)) return nullptr;
    const UsageJournal::Limits limits{
        .octets_max = static_cast<std::uint64_t>(settings.accounting_journal_max_mib) << 20,
        .takes_new = settings.accounting_journal,
    };
    auto journal = std::make_unique<UsageJournal>(directory, limits, log_);
    replay_ = std::make_unique<JournalReplay>(loop_, *journal, store_, log_);
    return journal;
}

std::vector<std::unique_ptr<App::RadiusThread>> App::make_workers() {
    const auto& settings = configuration_.settings;
    require_free("radius.auth", settings.radius_auth);
    require_free("radius.acct", settings.radius_acct);

    const radius::Server::Sockets sockets{
        .auth = to_endpoints<asio::ip::udp::endpoint>(settings.radius_auth),
        .acct = to_endpoints<asio::ip::udp::endpoint>(settings.radius_acct),
        .find_bound = [this](const auto& endpoint) { return held_sockets_.take(endpoint); },
    };
    const auto snapshot = make_snapshot();
    const auto learn_on_main = [this](const radius::LearnedFact& fact) {
        asio::post(loop_, [this, fact] { learn(fact); });
    };
    const auto users_remembered = static_cast<std::size_t>(settings.store_users_remembered);
    std::vector<std::unique_ptr<RadiusThread>> workers;
    for (std::size_t i = 0; i < worker_count(); ++i) {
        workers.push_back(std::make_unique<RadiusThread>(
            "radius-" + std::to_string(i + 1), redis_address_, secrets_, users_remembered, users_in_hand_,
            log_, journal_.get(), sockets, snapshot, learn_on_main, log_, &trace_));
    }
    return workers;
}

std::unique_ptr<App::Sender> App::make_sender() {
    const auto& sources = configuration_.settings.radius_coa_source;
    try {
        return std::make_unique<Sender>(loop_, to_endpoints<asio::ip::udp::endpoint>(sources),
                                        make_snapshot(), log_, radius::dynamic_authorization::Limits(),
                                        &trace_);
    } catch (const boost::system::system_error& failure) {
        throw unusable("radius.coa_source", joined(sources, " or "), failure);
    }
}

std::unique_ptr<App::ApiThread> App::make_api() {
    std::vector<asio::ip::address> trusted_proxies;
    trusted_proxies.reserve(configuration_.settings.api_trusted_proxies.size());
    for (const auto& text : configuration_.settings.api_trusted_proxies) {
        trusted_proxies.push_back(parse_address(text).value());
    }
    const auto certificate = load_certificate(configuration_.settings);
    certificate_expires_at_ = certificate.expires_at;
    const api::Settings settings{
        .listen = to_endpoints<asio::ip::tcp::endpoint>(configuration_.settings.api_listen),
        .default_user_time = configuration_.settings.accounting_default_user_time,
        .trusted_proxies = std::move(trusted_proxies),
        .tls = certificate.context,
        .find_bound = [this](const auto& endpoint) { return held_sockets_.take(endpoint); },
    };
    // What changes while the daemon runs is looked at when somebody asks.
    const auto ask_condition = [this, condition = make_condition(), must_exist = configuration_.has_file] {
        auto now = condition;
        now.settings_mistake = find_mistake(condition.settings_file, must_exist);
        now.state_directory = measure_disk(state_directory_.path());
        const auto expires_at = certificate_expires_at_.load();
        if (expires_at != std::chrono::sys_seconds()) now.certificate_expiration = expires_at;
        return now;
    };
    const api::Health health{
        .is_ready = [this] { return is_ready(); },
        .metrics = [this](api::MetricsFormat format) { return metrics(format); },
        .journal = [this] { return journal_ ? std::optional(journal_->state()) : std::nullopt; },
        .condition = ask_condition,
        .put_in_force = [this] { return registry_errand_.ask(in_force_limit); },
        .gather_sightings = [this] { return sightings_errand_.ask(gather_limit); },
        .first_token = [this] { return read_file(state_directory_.path() / first_token_file); },
    };
    try {
        return std::make_unique<ApiThread>("api", redis_address_, secrets_, none_remembered, users_in_hand_,
                                           log_, settings, health, log_);
    } catch (const boost::system::system_error& failure) {
        throw unusable("api.listen", joined(configuration_.settings.api_listen, " or "), failure);
    }
}

// The workers share their ports by SO_REUSEPORT, which would let a second daemon of the same user in as well.
// Sockets that were held for us are ours: nobody else can have come in.
void App::require_free(std::string_view setting, const std::vector<std::string>& addresses) const {
    for (const auto& address : addresses) {
        const auto endpoint = to_endpoints<asio::ip::udp::endpoint>({address}).front();
        if (held_sockets_.has(endpoint)) continue;
        try {
            radius::require_free(endpoint);
        } catch (const boost::system::system_error& failure) {
            throw unusable(setting, address, failure);
        }
    }
}

api::Condition App::make_condition() const {
    const auto& settings = configuration_.settings;
    return {
        .version = HOURGLASS_VERSION,
        .started_at = std::chrono::floor<std::chrono::seconds>(started_at_),
        .workers = workers_.size(),
        .auth = settings.radius_auth,
        .acct = settings.radius_acct,
        .api = settings.api_listen,
        .redis = redis_address_.describe(),
        .settings_file = configuration_.file,
        .settings_mistake = {},
        .state_directory = {},
        .certificate_expiration = {},
    };
}

void App::run() {
    spawn(handle_signals());
    spawn(live());
    loop_.run();
    if (journal_) journal_->stop();
    if (failure_) std::rethrow_exception(failure_);
}

// A part of the main loop that fails ends the daemon; run() tells why.
void App::spawn(awaitable<void> task) {
    asio::co_spawn(loop_, std::move(task), [this](const std::exception_ptr& failure) {
        if (!failure) return;
        failure_ = failure;
        loop_.stop();
    });
}

awaitable<void> App::live() {
    if (journal_) journal_->start();
    if (configuration_.settings.accounting_journal) spawn(take_usage_meanwhile());
    const bool has_store = co_await start_redis() && co_await connect();
    if (has_store) {
        co_await refuse_unsafe_redis();
        co_await require_own_version(store_.redis, log_);
        co_await leave_first_token(store_, state_directory_.path(), log_);
        co_await recall_nas_facts();
        co_await load_registry();
        start_services();
        co_await serve();
        tell_ready();
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
    asio::co_spawn(loop_, embedded_redis_->keep_running(), [this](const std::exception_ptr& failure) {
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
        throw std::runtime_error("This Redis may lose money: " + joined(*hazards, "; ") +
                                 ". (store.allow_unsafe = true takes it for an experiment.)");
    }
    for (const auto& hazard : *hazards)
        log_.warning(hazard);
    is_safe_ = true;
}

// The store may take long to come, while NASes report.
awaitable<void> App::take_usage_meanwhile() {
    co_await sleep(patience_with_store);
    if (is_stopping_) co_return;
    for (const auto& worker : workers_) {
        worker->start();
        worker->post([](radius::Server& server) { server.start_accounting(); });
    }
}

void App::start_services() {
    if (replay_) spawn(replay_->run());
    sender_->start();
    for_each_service([](auto& service) {
        service.start();
        service.connect();
    });
    publish_snapshot();
    spawn(watch_store());
    spawn(keep_session_lists());
    spawn(keep_registry());
    spawn(keep_sightings());
    spawn(keep_vital_signs());
    spawn(endings_.run());
    spawn(beat());
}

// Requests wait in the sockets until there is a store to ask, since otherwise they would go unanswered; and
// no longer, should it have gone again.
awaitable<void> App::serve() {
    co_await wait_until_connected(Timer::clock_type::now() + patience_with_store);
    if (is_stopping_) co_return;
    for_each_service([](auto& service) { service.serve(); });
    co_await wait_until_connected(Timer::time_point::max());
}

// Each service has a connection of its own.
awaitable<void> App::wait_until_connected(Timer::time_point deadline) {
    bool are_connected = false;
    while (!are_connected && !is_stopping_ && Timer::clock_type::now() < deadline) {
        for_each_service([](auto& service) { service.ping(); });
        co_await sleep(connected_poll_interval);
        are_connected = true;
        for_each_service(
            [&](const auto& service) { are_connected = are_connected && service.is_redis_ready(); });
    }
}

void App::tell_ready() {
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
    co_await sightings_errand_.ask(sightings_limit);
    for_each_service([](auto& service) { service.stop(); });
    endings_.stop();
    sender_->stop();
    co_await endings_.finish(endings_limit);
    co_await store_.events.finish();
}

awaitable<void> App::stop_redis() {
    store_.redis.stop();
    if (!embedded_redis_) co_return;
    embedded_redis_->stop();
    redis_ended_.expires_after(redis_end_limit);
    if (is_redis_running_) co_await redis_ended_.async_wait(outcome);
}

}  // namespace hourglass::daemon

// What the daemon does on its main loop while the workers serve: signals, reload, what was learned, the
// pulse.
#include "daemon/app.hpp"
#include "daemon/data_version.hpp"
#include "daemon/dictionary_files.hpp"
#include "daemon/explain.hpp"
#include "daemon/rule_judge.hpp"
#include "daemon/sentences.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/tls_certificate.hpp"
#include "daemon/trace.hpp"
#include "store/redis_safety.hpp"
#include "store/session_index_upkeep.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <utility>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr std::chrono::steady_clock::duration store_check_interval = 1min;
// Some 200 entries at a time, 700,000 an hour.
constexpr std::chrono::steady_clock::duration session_lists_step_interval = 1s;
constexpr std::chrono::steady_clock::duration session_lists_pass_interval = 10min;

radius::ReplyMessages::Use reply_message_use(std::string_view setting) {
    using Use = radius::ReplyMessages::Use;
    if (setting == "off") return Use::off;
    return setting == "full" ? Use::full : Use::safe;
}

}  // namespace

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
    if (replay_) replay_->stop();
    stop_requested_.cancel();
    if (embedded_redis_ && !is_redis_running_) embedded_redis_->stop();
}

void App::reload() {
    service_manager::reloading();
    try {
        const auto fresh = load_configuration(configuration_.file, configuration_.has_file);
        const auto changes = reload_configuration(configuration_, fresh);
        log_.set_level(parse_log_level(configuration_.settings.daemon_log_level).value());
        reload_dictionary();
        publish_snapshot();
        for (const auto& warning : warnings_of(configuration_))
            log_.warning(warning);
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
    reload_certificate();
    service_manager::ready(status_);
}

void App::reload_dictionary() {
    try {
        registry_.replace(load_dictionary());
    } catch (const SettingsError& mistake) {
        log_.error("The dictionary stays as it was: " + std::string(mistake.what()));
    }
}

std::shared_ptr<const radius::Dictionary> App::load_dictionary() const {
    auto [dictionary, warning] = daemon::load_dictionary(configuration_.settings);
    if (!warning.empty()) log_.warning(warning);
    return dictionary;
}

// Connections that stand keep the certificate they began with.
void App::reload_certificate() {
    try {
        const auto certificate = load_certificate(configuration_.settings);
        if (!certificate.context) return;
        certificate_expires_at_ = certificate.expires_at;
        api_->post([context = certificate.context](api::Server& server) { server.replace_tls(context); });
        log_.notice("The certificate was read again");
    } catch (const SettingsError& mistake) {
        log_.error("The certificate stays as it was: " + std::string(mistake.what()));
    }
}

std::shared_ptr<const radius::Snapshot> App::make_snapshot() const {
    const auto& settings = configuration_.settings;
    const radius::Policy policy{
        .reject_delay = std::chrono::milliseconds(settings.radius_reject_delay_ms),
        .ledger = {.interim_interval = std::chrono::seconds(settings.radius_interim_interval_s),
                   .retention = std::chrono::days(settings.accounting_retention_days)},
        .low_balance = {settings.accounting_low_balance_s.begin(), settings.accounting_low_balance_s.end()},
        .grace = {.is_on = settings.radius_grace == "known_users",
                   .session = std::chrono::seconds(settings.radius_grace_session_s),
                   .budget = std::chrono::seconds(settings.radius_grace_budget_s)},
        .names = name_rules(configuration_, registry_.directory()),
        .has_session_class = settings.radius_session_class,
        .reply_messages = {reply_message_use(settings.radius_reply_message), settings.radius_reply_messages},
        .group_commit = std::chrono::microseconds(settings.store_group_commit_us),
    };
    // Of equal prefixes the first counts: the settings win.
    auto clients = radius_clients(configuration_);
    clients.insert(clients.end(), registry_.clients().begin(), registry_.clients().end());
    return std::make_shared<const radius::Snapshot>(radius::Snapshot{
        radius::Clients(std::move(clients)), policy, nas_memory_.all(), registry_.directory()});
}

void App::publish_snapshot(const std::function<void()>& on_taken_over) {
    const auto snapshot = make_snapshot();
    clients_ = configuration_.clients.size() + registry_.clients().size();
    store_.rules = snapshot->policy.ledger;
    sender_->replace(snapshot);
    endings_.replace(snapshot);
    for (const auto& worker : workers_) {
        worker->post([snapshot, on_taken_over](radius::Server& server) {
            server.replace(snapshot);
            if (on_taken_over) on_taken_over();
        });
    }
    api_->post([snapshot, explain = make_explain_login(snapshot), judge = make_judge_rules(snapshot),
                open_trace = make_open_trace(snapshot, trace_),
                rules = snapshot->policy.ledger](api::Server& server) {
        server.replace(explain);
        server.replace(judge);
        server.replace(open_trace);
        server.replace([snapshot](std::string_view username, store::OrganizationId organization) {
            return radius::why_unusable(username, organization, snapshot->policy.names);
        });
        server.replace(rules);
    });
}

// Published and told to the store by the next beat(), together with what else is learned until then.
void App::learn(const radius::LearnedFact& fact) {
    if (nas_memory_.add(fact)) has_learned_ = true;
}

awaitable<void> App::tell_nas_facts() {
    auto untold = nas_memory_.take_untold();
    const auto told = co_await store_.nas_facts.remember(untold);
    if (told) co_return;
    nas_memory_.give_back(std::move(untold));
    has_learned_ = true;
}

awaitable<void> App::recall_nas_facts() {
    const auto facts = co_await store_.nas_facts.list();
    if (facts && nas_memory_.recall(*facts)) publish_snapshot();
}

// Somebody may change a Redis that runs elsewhere, or make it a replica; and other daemons learn of NASes
// too.
awaitable<void> App::watch_store() {
    while (!is_stopping_) {
        co_await sleep(store_check_interval);
        co_await recall_nas_facts();
        co_await refuse_other_version(store_.redis);
        const auto hazards = co_await store::find_hazards(store_.redis);
        if (!hazards || is_stopping_) continue;  // that it is away, the connection logs
        for (const auto& hazard : *hazards)
            log_.error(hazard);
        is_safe_ = hazards->empty() || configuration_.settings.store_allow_unsafe;
    }
}

// What a daemon that died left undone in the lists of sessions, and what is no longer remembered.
awaitable<void> App::keep_session_lists() {
    store::SessionIndexUpkeep upkeep(store_.redis, store_.rules);
    while (!is_stopping_) {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const auto progress = co_await upkeep.step(now);
        const bool is_complete = progress && *progress == store::SessionIndexUpkeep::Progress::complete;
        co_await sleep(is_complete ? session_lists_pass_interval : session_lists_step_interval);
    }
}

awaitable<void> App::sleep(std::chrono::steady_clock::duration duration) {
    asio::steady_timer timer(loop_, duration);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace hourglass::daemon

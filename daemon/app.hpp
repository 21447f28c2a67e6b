// The whole daemon: the constructor builds every part in order and hands each what it needs; run() starts
// them, waits for a signal, and ends them in the opposite order.
#pragma once

#include "api/server.hpp"
#include "daemon/embedded_redis.hpp"
#include "daemon/errand.hpp"
#include "daemon/held_sockets.hpp"
#include "daemon/journal_replay.hpp"
#include "daemon/logging.hpp"
#include "daemon/nas_memory.hpp"
#include "daemon/nas_sightings.hpp"
#include "daemon/nas_traffic.hpp"
#include "daemon/published.hpp"
#include "daemon/pulse.hpp"
#include "daemon/registry.hpp"
#include "daemon/service_thread.hpp"
#include "daemon/settings.hpp"
#include "daemon/state_directory.hpp"
#include "daemon/vital_signs.hpp"
#include "radius/dynamic_authorization_sender.hpp"
#include "radius/server.hpp"
#include "radius/session_endings.hpp"
#include "radius/trace.hpp"
#include "store/store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hourglass::daemon {

class App {
public:
    // Throws an exception with a sentence for the operator if a part cannot be built. `configuration.file` is
    // what SIGHUP reads again.
    App(Configuration configuration, Logging& log);

    // On the main thread. Returns after SIGTERM or SIGINT; throws with a sentence if the start fails.
    void run();

private:
    using RadiusThread = ServiceThread<radius::Server>;
    using Sender = radius::dynamic_authorization::Sender;
    using ApiThread = ServiceThread<api::Server>;

    store::SecretBox open_secrets() const;
    std::unique_ptr<EmbeddedRedis> make_embedded_redis();
    store::RedisAddress redis_address() const;
    std::unique_ptr<UsageJournal> make_journal();
    std::vector<std::unique_ptr<RadiusThread>> make_workers();
    std::unique_ptr<Sender> make_sender();
    std::unique_ptr<ApiThread> make_api();
    void require_free(std::string_view setting, const std::vector<std::string>& addresses) const;
    std::size_t worker_count() const;
    HeldSockets take_held_sockets() const;
    void hold_sockets();

    awaitable<void> live();
    awaitable<bool> start_redis();
    awaitable<bool> connect();
    awaitable<void> refuse_unsafe_redis();
    awaitable<void> take_usage_meanwhile();
    void start_services();
    awaitable<void> serve();
    awaitable<void> wait_until_connected(boost::asio::steady_timer::time_point deadline);
    void tell_ready();
    awaitable<void> drain_services();
    awaitable<void> stop_redis();

    awaitable<void> handle_signals();
    void request_stop();
    void reload();
    void reload_dictionary();
    void reload_certificate();
    std::shared_ptr<const radius::Dictionary> load_dictionary() const;
    std::shared_ptr<const radius::Snapshot> make_snapshot() const;
    void publish_snapshot(const std::function<void()>& on_taken_over = nullptr);  // called by each worker
    void learn(const radius::LearnedFact& fact);

    awaitable<void> load_registry();
    awaitable<void> keep_registry();
    awaitable<void> tell_running_users(Concerned concerned);
    awaitable<void> publish_snapshot_everywhere();

    awaitable<void> keep_sightings();
    awaitable<void> gather_sightings();

    awaitable<void> recall_nas_facts();
    awaitable<void> tell_nas_facts();
    awaitable<void> watch_store();
    awaitable<void> keep_session_lists();
    awaitable<void> beat();
    void feel(Pulse& pulse);
    void tell(const Pulse::Change& change);
    template <class Visit>
    void for_each_service(Visit visit) const {
        for (const auto& worker : workers_)
            visit(*worker);
        visit(*api_);
    }
    awaitable<void> sleep(std::chrono::steady_clock::duration duration);
    awaitable<void> keep_vital_signs();
    bool is_ready() const { return is_safe_ && api_->is_redis_ready_now(); }  // on the API's thread
    std::string metrics(api::MetricsFormat format) const;                     // the same
    api::Condition make_condition() const;
    void spawn(awaitable<void> task);

    Logging& log_;
    Configuration configuration_;
    const std::chrono::system_clock::time_point started_at_ = std::chrono::system_clock::now();
    std::exception_ptr failure_;
    bool is_stopping_ = false;
    bool is_redis_running_ = false;
    bool has_learned_ = false;
    std::size_t undrained_services_ = 0;
    std::string status_;
    std::atomic<bool> is_safe_{false};
    std::atomic<std::uint64_t> clients_{0};
    std::atomic<std::chrono::sys_seconds> certificate_expires_at_{};  // the epoch: there is none

    boost::asio::io_context loop_{1};
    boost::asio::signal_set signals_;
    boost::asio::steady_timer stop_requested_;  // never expires; cancelled by request_stop()
    boost::asio::steady_timer services_drained_;
    boost::asio::steady_timer redis_ended_;
    Errand registry_errand_;
    Errand sightings_errand_;

    StateDirectory state_directory_;
    HeldSockets held_sockets_;
    const store::SecretBox secrets_;
    NasMemory nas_memory_;
    NasSightings nas_sightings_;
    NasTraffic nas_traffic_;
    Published<NasTraffic::Reading> nas_traffic_shown_;
    Published<VitalSigns> vital_signs_;
    std::unique_ptr<EmbeddedRedis> embedded_redis_;  // null: Redis is somewhere else
    const store::RedisAddress redis_address_;
    store::UsersInHand users_in_hand_;
    store::Store store_;
    Registry registry_;
    std::unique_ptr<JournalReplay> replay_;  // of journal_, and null with it
    std::unique_ptr<UsageJournal> journal_;  // null: none is wanted, and none is left to replay
    radius::Trace trace_;
    std::vector<std::unique_ptr<RadiusThread>> workers_;
    std::unique_ptr<Sender> sender_;
    radius::SessionEndings endings_;
    std::unique_ptr<ApiThread> api_;
};

}  // namespace hourglass::daemon

#include "daemon/metrics.hpp"

#include "daemon/radius_metrics.hpp"
#include "store/report_batches.hpp"
#include "store/user_memory.hpp"

#include <algorithm>
#include <array>

namespace hourglass::daemon {

namespace {

std::string route_labels(const api::RouteTraffic& route) {
    return "method=\"" + std::string(route.method) + "\",route=\"" + std::string(route.route) + "\"";
}

void write_api(Exposition& text, const MetricsSources& sources) {
    text.begin("hourglass_api_replies", "counter", "Replies of the REST API, by route and status.");
    for (const auto& route : sources.api_traffic) {
        for (const auto& [status, count] : route.replies)
            text.sample(route_labels(route) + ",status=\"" + std::to_string(status) + "\"", count);
    }
    text.begin("hourglass_api_reply_duration_seconds", "histogram",
               "Time from a request's header to its reply, by route; streams are left out.");
    for (const auto& route : sources.api_traffic) {
        if (!route.replies.empty()) text.histogram(route_labels(route), route.times);
    }
    text.counter("hourglass_audit_checked_users", "Users whom an audit has checked.", sources.audit.checked);
    text.counter("hourglass_audit_violations", "Violations that audits have found.",
                 sources.audit.violations);
    const auto expiry = sources.certificate_expires_at.time_since_epoch().count();
    if (expiry == 0) return;
    text.gauge("hourglass_api_certificate_expiry_seconds", "When the API's certificate expires, since 1970.",
               static_cast<std::uint64_t>(expiry));
}

void write_store(Exposition& text, const MetricsSources& sources) {
    text.gauge("hourglass_ready", "Whether the daemon serves, as /readyz tells.", sources.is_ready);
    text.gauge("hourglass_store_safe", "Whether Redis is set up so that it cannot lose money.",
               sources.is_store_safe);
    text.gauge("hourglass_redis_connections", "Connections to Redis that the daemon keeps.",
               sources.redis_connections);
    text.gauge("hourglass_redis_connections_ready", "Connections to Redis that work.",
               sources.redis_connections_ready);
    text.gauge("hourglass_redis_connections_behind", "Of these, those that Redis does not keep up with.",
               sources.redis_connections_behind);
    text.counter("hourglass_redis_reconnects", "Times that a connection to Redis was made again.",
                 sources.redis_reconnects);
    text.gauge("hourglass_redis_up", "Whether Redis answered when it was last asked, every ten seconds.",
               sources.vital_signs.store.has_value());
    text.begin("hourglass_redis_ping_seconds", "gauge", "How long Redis took to answer that.");
    text.sample({}, std::chrono::duration<double>(sources.vital_signs.redis_answered_in).count());
}

// What Redis and the indexes tell, while it answers.
void write_store_state(Exposition& text, const store::StoreState& state) {
    text.begin("hourglass_redis", "info", "The version of Redis.");
    text.sample("version=\"" + state.redis_version + "\"", 1);
    text.gauge("hourglass_redis_memory_bytes", "What Redis holds in memory.", state.memory_octets);
    text.gauge("hourglass_redis_memory_max_bytes", "What Redis may hold; 0: it has no limit of its own.",
               state.memory_octets_max);
    text.gauge("hourglass_redis_file_written",
               "Whether Redis could write its append-only file at the last try.", state.is_file_written);
    const auto kinds = std::to_array<std::pair<std::string_view, const store::CommandStatistics*>>({
        {R"(kind="script")",      &state.scripts     },
        {R"(kind="transaction")", &state.transactions},
    });
    text.begin("hourglass_redis_steps", "counter", "Scripts and transactions that Redis has run.");
    for (const auto& [labels, statistics] : kinds)
        text.sample(labels, statistics->calls);
    text.begin("hourglass_redis_steps_seconds", "counter", "Time that Redis has spent on them.");
    for (const auto& [labels, statistics] : kinds)
        text.sample(labels, static_cast<double>(statistics->microseconds) / 1e6);
    text.gauge("hourglass_sessions_running", "Sessions that run, of all daemons on this store.",
               state.running_sessions);
    text.gauge("hourglass_deadlines", "Users whom somebody has to look after at some time.", state.deadlines);
    text.gauge("hourglass_deadlines_overdue", "Of these, users whose time came more than ten seconds ago.",
               state.overdue_deadlines);
}

void write_journal(Exposition& text, const store::JournalState& journal) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto age =
        journal.oldest ? std::max(now - *journal.oldest, std::chrono::seconds(0)) : std::chrono::seconds(0);
    text.gauge("hourglass_journal_pending_reports", "Reports in the journal that Redis does not have yet.",
               journal.pending);
    text.gauge("hourglass_journal_bytes", "What the journal takes on disk.", journal.octets);
    text.gauge("hourglass_journal_oldest_age_seconds", "How long the oldest of them has been waiting.",
               static_cast<std::uint64_t>(age.count()));
    text.counter("hourglass_journal_written_reports", "Reports written to the journal.", journal.written);
    text.counter("hourglass_journal_replayed_reports", "Reports of the journal that are in Redis.",
                 journal.replayed);
    text.counter("hourglass_journal_refused_reports", "Reports that got no answer for the journal was full.",
                 journal.refused);
    text.counter("hourglass_journal_set_aside_reports", "Reports of the journal that Redis refuses.",
                 journal.set_aside);
    text.counter("hourglass_journal_errors", "Times that the disk failed the journal.", journal.errors);
}

void write_events(Exposition& text, const MetricsSources& sources) {
    text.counter("hourglass_events", "Events written to the store for listeners.", sources.events_published);
    text.counter("hourglass_events_dropped", "Events that the store could not take.", sources.events_dropped);
    text.gauge("hourglass_event_listeners", "Clients that listen to events.", sources.event_listeners);
    text.counter("hourglass_event_listeners_dropped", "Listeners that read too slowly and were let go.",
                 sources.event_listeners_dropped);
}

// A row of what each worker counts for itself; in the table of a struct of counts.
template <class Counts>
struct WorkerCounter {
    std::atomic<std::uint64_t> Counts::* member;
    void (Exposition::*write)(std::string_view name, std::string_view help, std::uint64_t value);
    std::string_view metric;
    std::string_view help;
};

constexpr auto memory_counters = std::to_array<WorkerCounter<store::UserMemoryCounts>>({
    {&store::UserMemoryCounts::users,     &Exposition::gauge,   "hourglass_user_memory_users",
     "Users that RADIUS workers remember, each for itself."              },
    {&store::UserMemoryCounts::found,     &Exposition::counter, "hourglass_user_memory_found",
     "Logins of users whom their worker remembered."                     },
    {&store::UserMemoryCounts::missed,    &Exposition::counter, "hourglass_user_memory_missed",
     "Logins that had to ask Redis for the user or his account."         },
    {&store::UserMemoryCounts::completed, &Exposition::counter, "hourglass_user_memory_completed",
     "Of these, reads of the account alone."                             },
    {&store::UserMemoryCounts::changed,   &Exposition::counter, "hourglass_user_memory_changed",
     "Users or accounts forgotten because they were written."            },
    {&store::UserMemoryCounts::displaced, &Exposition::counter, "hourglass_user_memory_displaced",
     "Users forgotten to make room for others."                          },
    {&store::UserMemoryCounts::cleared,   &Exposition::counter, "hourglass_user_memory_cleared",
     "Times that a worker forgot all because changes could not be heard."},
});

constexpr auto ledger_counters = std::to_array<WorkerCounter<store::LedgerCounts>>({
    {&store::LedgerCounts::batches,    &Exposition::counter, "hourglass_ledger_batches",
     "Transactions that applied the reports of several users."                  },
    {&store::LedgerCounts::conflicts,  &Exposition::counter, "hourglass_ledger_conflicts",
     "Transactions not done because something had changed that they were about."},
    {&store::LedgerCounts::in_batches, &Exposition::counter, "hourglass_ledger_reports_in_batches",
     "Reports applied by such transactions."                                    },
    {&store::LedgerCounts::by_script,  &Exposition::counter, "hourglass_ledger_reports_by_script",
     "Reports applied by a script of their own."                                },
});

template <class Counts, std::size_t rows_count>
void write_sums(Exposition& text, const std::array<WorkerCounter<Counts>, rows_count>& rows,
                const std::vector<const Counts*>& workers) {
    for (const auto& row : rows) {
        std::uint64_t sum = 0;
        for (const auto* const worker : workers)
            sum += (worker->*row.member).load(std::memory_order_relaxed);
        (text.*row.write)(row.metric, row.help, sum);
    }
}

void write_process(Exposition& text, const MetricsSources& sources) {
    const auto started = std::chrono::duration<double>(sources.started_at.time_since_epoch()).count();
    text.begin("hourglass_build", "info", "The version that runs.");
    text.sample("version=\"" HOURGLASS_VERSION "\"", 1);
    text.gauge("hourglass_state_directory_bytes", "Size of the file system with the state directory.",
               sources.vital_signs.disk_octets);
    text.gauge("hourglass_state_directory_free_bytes", "What is free of it.",
               sources.vital_signs.disk_octets_free);
    text.begin("process_cpu_seconds", "counter", "Processor time used, user and system.");
    text.sample({}, sources.process.cpu_seconds);
    text.begin("process_start_time_seconds", "gauge", "When the daemon started, since 1970.");
    text.sample({}, started);
    text.gauge("process_resident_memory_bytes", "Resident memory.", sources.process.resident_octets);
    text.gauge("process_virtual_memory_bytes", "Virtual memory.", sources.process.virtual_octets);
    text.gauge("process_open_fds", "Open file descriptors.", sources.process.open_files);
    text.gauge("process_max_fds", "How many file descriptors may be open.", sources.process.open_files_max);
    text.gauge("process_threads", "Threads.", sources.process.threads);
}

}  // namespace

std::string format_metrics(const MetricsSources& sources, api::MetricsFormat format) {
    Exposition text(format);
    write_radius(text, sources.workers);
    text.gauge("hourglass_radius_clients", "NASes and networks of NASes, of the settings and the registry.",
               sources.radius_clients);
    write_nas_traffic(text, sources.nas_traffic);
    write_api(text, sources);
    write_store(text, sources);
    if (sources.vital_signs.store) write_store_state(text, *sources.vital_signs.store);
    if (sources.journal) write_journal(text, *sources.journal);
    write_events(text, sources);
    write_sums(text, ledger_counters, sources.ledgers);
    write_sums(text, memory_counters, sources.user_memories);
    write_process(text, sources);
    return std::move(text).end();
}

}  // namespace hourglass::daemon

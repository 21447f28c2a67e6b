#include "daemon/metrics.hpp"

#include "store/report_batches.hpp"
#include "store/user_memory.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <dirent.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <string_view>
#include <unistd.h>

namespace hourglass::daemon {

namespace {

class Text {
public:
    void family(std::string_view name, std::string_view type, std::string_view help,
                std::string_view unit = {}) {
        text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
        if (!unit.empty()) text_.append("# UNIT ").append(name).append(" ").append(unit).append("\n");
        text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    }

    template <class Number>
    void sample(std::string_view name, std::string_view labels, Number value) {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
        text_.append(name);
        if (!labels.empty()) text_.append("{").append(labels).append("}");
        text_.append(" ").append(digits.begin(), end).append("\n");
    }

    void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
        gauge(name, help, value, {});
    }

    void gauge(std::string_view name, std::string_view help, std::uint64_t value, std::string_view unit) {
        family(name, "gauge", help, unit);
        sample(name, {}, value);
    }

    void counter(std::string_view name, std::string_view help, std::uint64_t value) {
        family(name, "counter", help);
        sample(std::string(name) + "_total", {}, value);
    }

    std::string end() && { return std::move(text_.append("# EOF\n")); }

private:
    std::string text_;
};

struct RadiusCounter {
    radius::Counter radius::Counters::* member;
    std::string_view metric;
    std::string_view labels;
    std::string_view help;
};

constexpr auto radius_counters = std::to_array<RadiusCounter>({
#define COUNTER(member, metric, labels, help) {&radius::Counters::member, metric, labels, help},
#include "radius/counters.def"
#undef COUNTER
});

constexpr bool are_families_together() {
    for (std::size_t i = 0; i < radius_counters.size(); ++i) {
        for (std::size_t j = i + 2; j < radius_counters.size(); ++j) {
            const bool is_split = radius_counters[i].metric == radius_counters[j].metric &&
                                  radius_counters[j - 1].metric != radius_counters[j].metric;
            if (is_split) return false;
        }
    }
    return true;
}
static_assert(are_families_together(), "OpenMetrics wants the rows of one metric next to each other");

void write_radius(Text& text, const std::vector<const radius::Counters*>& workers) {
    std::string_view family;
    for (const auto& row : radius_counters) {
        const auto name = "hourglass_" + std::string(row.metric);
        if (row.metric != family) text.family(name, "counter", row.help);
        family = row.metric;

        std::uint64_t sum = 0;
        for (const auto* const worker : workers)
            sum += (worker->*row.member).get();
        text.sample(name + "_total", row.labels, sum);
    }
}

void write_api(Text& text, const MetricsSources& sources) {
    text.family("hourglass_api_replies", "counter", "Replies of the REST API, by the class of their status.");
    for (std::size_t i = 0; i < sources.api_replies.size(); ++i) {
        const auto label = R"(status=")" + std::to_string(i + 1) + R"(xx")";
        text.sample("hourglass_api_replies_total", label, sources.api_replies[i]);
    }
    const auto expiry = sources.certificate_expires_at.time_since_epoch().count();
    if (expiry == 0) return;
    text.gauge("hourglass_api_certificate_expiry_seconds", "When the API's certificate expires, since 1970.",
               static_cast<std::uint64_t>(expiry), "seconds");
}

void write_store(Text& text, const MetricsSources& sources) {
    text.gauge("hourglass_store_safe", "Whether Redis is set up so that it cannot lose money.",
               sources.is_store_safe ? 1 : 0);
    text.gauge("hourglass_redis_connections", "Connections to Redis that the daemon keeps.",
               sources.redis_connections);
    text.gauge("hourglass_redis_connections_ready", "Connections to Redis that work.",
               sources.redis_connections_ready);
    text.counter("hourglass_redis_reconnects", "Times that a connection to Redis was made again.",
                 sources.redis_reconnects);
}

void write_journal(Text& text, const store::JournalState& journal) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto age =
        journal.oldest ? std::max(now - *journal.oldest, std::chrono::seconds(0)) : std::chrono::seconds(0);
    text.gauge("hourglass_journal_pending_reports", "Reports in the journal that Redis does not have yet.",
               journal.pending);
    text.gauge("hourglass_journal_bytes", "What the journal takes on disk.", journal.octets, "bytes");
    text.gauge("hourglass_journal_oldest_age_seconds", "How long the oldest of them has been waiting.",
               static_cast<std::uint64_t>(age.count()), "seconds");
    text.counter("hourglass_journal_written_reports", "Reports written to the journal.", journal.written);
    text.counter("hourglass_journal_replayed_reports", "Reports of the journal that are in Redis.",
                 journal.replayed);
    text.counter("hourglass_journal_refused_reports", "Reports that got no answer for the journal was full.",
                 journal.refused);
    text.counter("hourglass_journal_set_aside_reports", "Reports of the journal that Redis refuses.",
                 journal.set_aside);
    text.counter("hourglass_journal_errors", "Times that the disk failed the journal.", journal.errors);
}

void write_events(Text& text, const MetricsSources& sources) {
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
    void (Text::*write)(std::string_view name, std::string_view help, std::uint64_t value);
    std::string_view metric;
    std::string_view help;
};

constexpr auto memory_counters = std::to_array<WorkerCounter<store::UserMemoryCounts>>({
    {&store::UserMemoryCounts::users,     &Text::gauge,   "hourglass_user_memory_users",
     "Users that RADIUS workers remember, each for itself."              },
    {&store::UserMemoryCounts::found,     &Text::counter, "hourglass_user_memory_found",
     "Logins of users whom their worker remembered."                     },
    {&store::UserMemoryCounts::missed,    &Text::counter, "hourglass_user_memory_missed",
     "Logins that had to ask Redis for the user or his account."         },
    {&store::UserMemoryCounts::completed, &Text::counter, "hourglass_user_memory_completed",
     "Of these, reads of the account alone."                             },
    {&store::UserMemoryCounts::changed,   &Text::counter, "hourglass_user_memory_changed",
     "Users or accounts forgotten because they were written."            },
    {&store::UserMemoryCounts::displaced, &Text::counter, "hourglass_user_memory_displaced",
     "Users forgotten to make room for others."                          },
    {&store::UserMemoryCounts::cleared,   &Text::counter, "hourglass_user_memory_cleared",
     "Times that a worker forgot all because changes could not be heard."},
});

constexpr auto ledger_counters = std::to_array<WorkerCounter<store::LedgerCounts>>({
    {&store::LedgerCounts::batches,    &Text::counter, "hourglass_ledger_batches",
     "Transactions that applied the reports of several users."                  },
    {&store::LedgerCounts::conflicts,  &Text::counter, "hourglass_ledger_conflicts",
     "Transactions not done because something had changed that they were about."},
    {&store::LedgerCounts::in_batches, &Text::counter, "hourglass_ledger_reports_in_batches",
     "Reports applied by such transactions."                                    },
    {&store::LedgerCounts::by_script,  &Text::counter, "hourglass_ledger_reports_by_script",
     "Reports applied by a script of their own."                                },
});

template <class Counts, std::size_t rows_count>
void write_sums(Text& text, const std::array<WorkerCounter<Counts>, rows_count>& rows,
                const std::vector<const Counts*>& workers) {
    for (const auto& row : rows) {
        std::uint64_t sum = 0;
        for (const auto* const worker : workers)
            sum += (worker->*row.member).load(std::memory_order_relaxed);
        (text.*row.write)(row.metric, row.help, sum);
    }
}

void write_process(Text& text, const MetricsSources& sources) {
    const auto started = std::chrono::duration<double>(sources.started_at.time_since_epoch()).count();
    text.family("hourglass_build", "info", "The version that runs.");
    text.sample("hourglass_build_info", "version=\"" HOURGLASS_VERSION "\"", 1);
    text.family("process_cpu_seconds", "counter", "Processor time used, user and system.", "seconds");
    text.sample("process_cpu_seconds_total", {}, sources.process.cpu_seconds);
    text.family("process_start_time_seconds", "gauge", "When the daemon started, since 1970.", "seconds");
    text.sample("process_start_time_seconds", {}, started);
    text.gauge("process_resident_memory_bytes", "Resident memory.", sources.process.resident_octets, "bytes");
    text.gauge("process_virtual_memory_bytes", "Virtual memory.", sources.process.virtual_octets, "bytes");
    text.gauge("process_open_fds", "Open file descriptors.", sources.process.open_files);
    text.gauge("process_threads", "Threads.", sources.process.threads);
}

std::uint64_t count_open_files() {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), closedir);
    std::uint64_t count = 0;
    while (directory && readdir(directory.get()) != nullptr)
        ++count;
    constexpr std::uint64_t not_counted = 3;  // "." and "..", and the directory itself
    return count > not_counted ? count - not_counted : 0;
}

}  // namespace

// Field numbers are those of proc_pid_stat(5).
ProcessUsage measure_process() {
    std::ifstream file("/proc/self/stat");
    std::string stat((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto name_end = stat.rfind(')');
    if (name_end == std::string::npos) return {};

    constexpr std::size_t first_field = 3;  // right after the name
    std::array<std::string, 25> fields;
    std::istringstream words(stat.substr(name_end + 1));
    for (std::size_t field = first_field; field < fields.size(); ++field)
        words >> fields[field];

    const auto number = [&](std::size_t field) { return std::stoull("0" + fields[field]); };
    const auto ticks_a_second = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_octets = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return {
        .cpu_seconds = static_cast<double>(number(14) + number(15)) / ticks_a_second,
        .resident_octets = number(24) * page_octets,
        .virtual_octets = number(23),
        .open_files = count_open_files(),
        .threads = number(20),
    };
}

std::string format_metrics(const MetricsSources& sources) {
    Text text;
    write_radius(text, sources.workers);
    text.gauge("hourglass_radius_clients", "NASes and networks of NASes, of the settings and the registry.",
               sources.radius_clients);
    write_api(text, sources);
    write_store(text, sources);
    if (sources.journal) write_journal(text, *sources.journal);
    write_events(text, sources);
    write_sums(text, ledger_counters, sources.ledgers);
    write_sums(text, memory_counters, sources.user_memories);
    write_process(text, sources);
    return std::move(text).end();
}

}  // namespace hourglass::daemon

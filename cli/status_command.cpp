// hourglass status: is the daemon there, may it be relied on, what has it done?
#include "cli/commands.hpp"
#include "cli/metrics.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"

#include <array>
#include <chrono>

namespace hourglass::cli {

namespace {

struct MetricRow {
    const char* metric;  // summed over its labels
    const char* name;    // in the status
};

constexpr std::array metric_rows{
    MetricRow{"hourglass_radius_requests_total",   "radius_requests"  },
    MetricRow{"hourglass_radius_answers_total",    "radius_answers"   },
    MetricRow{"hourglass_radius_rejects_total",    "radius_rejects"   },
    MetricRow{"hourglass_radius_drops_total",      "radius_drops"     },
    MetricRow{"hourglass_radius_duplicates_total", "radius_duplicates"},
    MetricRow{"hourglass_api_replies_total",       "api_replies"      },
};

std::int64_t seconds_since(double started) {
    const auto now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    return static_cast<std::int64_t>(std::max(now - started, 0.0));
}

// What /metrics adds; nothing if it is not open to us.
void add_metrics(Json& status, const HttpResponse& page) {
    if (page.status != 200) return;
    const auto version = find_label(page.body, "hourglass_build_info", "version");
    if (!version.empty()) status["version"] = version;
    const auto sums = sum_metrics(page.body);
    for (const auto& row : metric_rows) {
        const auto sum = sums.find(row.metric);
        if (sum != sums.end()) status[row.name] = static_cast<std::uint64_t>(sum->second);
    }
    const auto started = sums.find("process_start_time_seconds");
    if (started != sums.end()) status["uptime"] = seconds_since(started->second);
}

ExitStatus show_status(Context& context) {
    const bool is_alive = context.api.get_page("/healthz").status == 200;
    const bool is_ready = is_alive && context.api.get_page("/readyz").status == 200;
    Json status{
        {"url",   context.api.url()},
        {"alive", is_alive         },
        {"ready", is_ready         }
    };
    if (is_alive) add_metrics(status, context.api.get_page("/metrics"));

    context.as_json ? print_json(context.out, status) : print_record(context.out, status);
    if (!is_alive) {
        throw Failure(ExitStatus::unreachable,
                      "What answers at " + context.api.url() + " is not hourglassd.");
    }
    if (!is_ready) {
        throw Failure(ExitStatus::unavailable, "The daemon runs, but its store is away or not safe to use.",
                      "The daemon's log says what is wrong: journalctl -u hourglassd.");
    }
    return ExitStatus::ok;
}

}  // namespace

void add_status_command(CLI::App& line, Command& chosen) {
    line.add_subcommand("status", "Is the daemon reachable and ready, and what has it done so far?")
        ->callback([&chosen] { chosen = show_status; });
}

}  // namespace hourglass::cli

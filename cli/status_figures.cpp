#include "cli/status_figures.hpp"

#include "cli/metrics.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hourglass::cli {

namespace {

constexpr std::size_t rejects_shown_max = 5;

struct Total {
    const char* metric;  // summed over its labels
    const char* name;    // in the status
};

constexpr std::array totals{
    Total{"hourglass_radius_requests_total",   "radius_requests"  },
    Total{"hourglass_radius_answers_total",    "radius_answers"   },
    Total{"hourglass_radius_rejects_total",    "radius_rejects"   },
    Total{"hourglass_radius_drops_total",      "radius_drops"     },
    Total{"hourglass_radius_duplicates_total", "radius_duplicates"},
    Total{"hourglass_api_replies_total",       "api_replies"      },
};

struct Rate {
    const char* metric;
    const char* label;
    const char* name;
};

constexpr std::array rates{
    Rate{"hourglass_radius_requests_total", "type",   "radius_requests"},
    Rate{"hourglass_radius_answers_total",  "code",   "radius_answers" },
    Rate{"hourglass_radius_rejects_total",  "reason", "radius_rejects" },
    Rate{"hourglass_radius_drops_total",    "reason", "radius_drops"   },
};

constexpr auto rejects_metric = "hourglass_radius_rejects_total";
constexpr auto start_metric = "process_start_time_seconds";

struct Percentile {
    const char* name;
    double share;
};

constexpr std::array percentiles{
    Percentile{"p50",  0.5  },
    Percentile{"p99",  0.99 },
    Percentile{"p999", 0.999},
};

std::int64_t seconds_since(double started, std::chrono::system_clock::time_point now) {
    const auto seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
    return static_cast<std::int64_t>(std::max(seconds - started, 0.0));
}

// Our own prefix says nothing here.
std::string short_name(const std::string& histogram) {
    constexpr std::string_view prefix = "hourglass_";
    return histogram.starts_with(prefix) ? histogram.substr(prefix.size()) : histogram;
}

}  // namespace

Json totals_of(std::string_view metrics, std::chrono::system_clock::time_point now) {
    auto shown = Json::object();
    const auto version = find_label(metrics, "hourglass_build_info", "version");
    if (!version.empty()) shown["version"] = version;
    const auto sums = sum_metrics(metrics);
    const auto started = sums.find(start_metric);
    if (started != sums.end()) shown["uptime"] = seconds_since(started->second, now);
    for (const auto& row : totals) {
        const auto sum = sums.find(row.metric);
        if (sum != sums.end()) shown[row.name] = static_cast<std::uint64_t>(sum->second);
    }
    return shown;
}

Json rates_between(const MetricsReading& before, const MetricsReading& after) {
    const auto seconds = std::chrono::duration<double>(after.at - before.at).count();
    auto shown = Json::object();
    if (seconds <= 0) return shown;
    for (const auto& row : rates) {
        const auto earlier = sum_by_label(before.text, row.metric, row.label);
        auto values = Json::object();
        for (const auto& [label, sum] : sum_by_label(after.text, row.metric, row.label)) {
            const auto was = earlier.find(label);
            const auto change = sum - (was == earlier.end() ? 0 : was->second);
            if (change > 0) values[label] = change / seconds;
        }
        shown[row.name] = std::move(values);
    }
    return shown;
}

Json latencies_between(const MetricsReading& before, const MetricsReading& after) {
    const auto earlier = find_histograms(before.text);
    auto shown = Json::object();
    for (const auto& [name, histogram] : find_histograms(after.text)) {
        const auto was = earlier.find(name);
        auto change = was == earlier.end() ? histogram : since(histogram, was->second);
        if (change.count() <= 0) change = histogram;
        if (change.count() <= 0) continue;
        auto& figures = shown[short_name(name)];
        figures["count"] = static_cast<std::uint64_t>(change.count());
        for (const auto& each : percentiles)
            figures[each.name] = change.percentile(each.share).value_or(0);
    }
    return shown;
}

Json top_rejects(std::string_view metrics) {
    const auto sums = sum_by_label(metrics, rejects_metric, "reason");
    std::vector<std::pair<std::string, double>> reasons(sums.begin(), sums.end());
    std::erase_if(reasons, [](const auto& reason) { return reason.second <= 0; });
    std::ranges::sort(reasons, std::ranges::greater(), &std::pair<std::string, double>::second);
    reasons.resize(std::min(reasons.size(), rejects_shown_max));
    auto shown = Json::object();
    for (const auto& [reason, count] : reasons)
        shown[reason] = static_cast<std::uint64_t>(count);
    return shown;
}

}  // namespace hourglass::cli

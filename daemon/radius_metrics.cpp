#include "daemon/radius_metrics.hpp"

namespace hourglass::daemon {

namespace {

using Workers = std::vector<const radius::Counters*>;

template <class Member>
struct Row {
    Member radius::Counters::* member;
    std::string_view metric;  // without hourglass_
    std::string_view labels;
    std::string_view help;
};

constexpr auto counters = std::to_array<Row<radius::Counter>>({
#define COUNTER(member, metric, labels, help) {&radius::Counters::member, metric, labels, help},
#include "radius/counters.def"
#undef COUNTER
});

constexpr auto gauges = std::to_array<Row<radius::Gauge>>({
#define GAUGE(member, metric, help) {&radius::Counters::member, metric, "", help},
#include "radius/gauges.def"
#undef GAUGE
});

constexpr auto latencies = std::to_array<Row<store::LatencyHistogram>>({
#define LATENCY(member, metric, labels, help) {&radius::Counters::member, metric, labels, help},
#include "radius/latencies.def"
#undef LATENCY
});

constexpr bool are_families_together(const auto& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = i + 2; j < rows.size(); ++j) {
            const bool is_split = rows[i].metric == rows[j].metric && rows[j - 1].metric != rows[j].metric;
            if (is_split) return false;
        }
    }
    return true;
}
static_assert(are_families_together(counters) && are_families_together(latencies),
              "OpenMetrics wants the rows of one metric next to each other");

// Calls `write(row)` for each, and begins its family before the first of it.
void write_rows(Exposition& text, const auto& rows, std::string_view type, auto write) {
    std::string_view family;
    for (const auto& row : rows) {
        if (row.metric != family) text.begin("hourglass_" + std::string(row.metric), type, row.help);
        family = row.metric;
        write(row);
    }
}

template <class Member>
std::uint64_t sum_of(const Workers& workers, Member radius::Counters::* member) {
    std::uint64_t sum = 0;
    for (const auto* const worker : workers)
        sum += (worker->*member).get();
    return sum;
}

}  // namespace

void write_radius(Exposition& text, const Workers& workers) {
    const auto write_sum = [&](const auto& row) { text.sample(row.labels, sum_of(workers, row.member)); };
    write_rows(text, counters, "counter", write_sum);
    write_rows(text, gauges, "gauge", write_sum);
    write_rows(text, latencies, "histogram", [&](const auto& row) {
        store::LatencyHistogram::Reading sum;
        for (const auto* const worker : workers)
            (worker->*row.member).add_to(sum);
        text.histogram(row.labels, sum);
    });
}

void write_nas_traffic(Exposition& text, const NasTraffic::Reading& traffic) {
    text.begin("hourglass_nas_packets", "counter",
               "Packets by the class of their NAS, and by what they were or why they were dropped; as of the "
               "last minute");
    for (const auto& [name, counts] : traffic.packets) {
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] == 0) continue;
            const auto labels =
                "class=\"" + std::string(name) + "\",what=\"" + std::string(radius::sight_names[i]) + "\"";
            text.sample(labels, counts[i]);
        }
    }
    text.gauge("hourglass_nases_heard", "NASes that sent something authentic in the last day", traffic.heard);
    text.gauge("hourglass_nases_silent", "Of these, NASes that have sent nothing for half an hour",
               traffic.silent);
}

}  // namespace hourglass::daemon

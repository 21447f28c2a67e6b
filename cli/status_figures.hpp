// What two readings of /metrics say together: totals, rates, latencies, and why users were rejected.
#pragma once

#include "cli/json.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace hourglass::cli {

struct MetricsReading {
    std::string text;  // empty: /metrics is not open to us
    std::chrono::steady_clock::time_point at;
};

// "version", "uptime" and totals of the later one, by name.
Json totals_of(std::string_view metrics, std::chrono::system_clock::time_point now);

// {"radius_requests": {"access_request": 12.5, …}, …}: a second, between the two.
Json rates_between(const MetricsReading& before, const MetricsReading& after);

// {"name of the histogram": {"count": n, "p50": seconds, "p99": …}, …}, between the two if anything came
// meanwhile, else since the start; without those that are empty.
Json latencies_between(const MetricsReading& before, const MetricsReading& after);

// {"wrong_password": 80, …}, since the start, the most frequent first.
Json top_rejects(std::string_view metrics);

}  // namespace hourglass::cli

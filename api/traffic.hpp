// What the API has served, as /metrics tells it.
#pragma once

#include "store/latency_histogram.hpp"

#include <map>
#include <string_view>

namespace hourglass::api {

struct RouteTraffic {
    std::string_view method;
    std::string_view route;                     // with "{id}" for a segment
    std::map<unsigned, std::uint64_t> replies;  // by status
    store::LatencyHistogram::Reading times;     // of those that were no streams
};
// What no route answered, both as method and as route.
inline constexpr std::string_view other_traffic = "other";

struct AuditCounts {
    std::uint64_t checked{};  // users
    std::uint64_t violations{};
};

}  // namespace hourglass::api

// What the API counts: replies, by route and status, and how long they took. Its event loop writes; replies
// by class of status may be read from any thread, the rest on the loop.
#pragma once

#include "api/traffic.hpp"

#include <array>
#include <atomic>
#include <vector>

namespace hourglass::api {

struct Route;

class Counters {
public:
    Counters();

    // Null `route`: none answered it. `status` is 100 to 599.
    void count_reply(const Route* route, unsigned status);
    // Of one that was no stream.
    void note_time(const Route* route, store::LatencyHistogram::Duration took);

    // `status_class` is 1 to 5, as in 2xx.
    std::uint64_t replies(unsigned status_class) const { return replies_.at(status_class - 1).load(relaxed); }
    std::uint64_t replies() const;
    // Of every route.
    std::vector<RouteTraffic> traffic() const;

private:
    struct PerRoute {
        std::map<unsigned, std::uint64_t> replies;  // by status
        store::LatencyHistogram times;
    };

    PerRoute& of(const Route* route);

    static constexpr auto relaxed = std::memory_order_relaxed;
    std::array<std::atomic<std::uint64_t>, 5> replies_{};
    std::vector<PerRoute> by_route_;  // in the table's order, and at last what no route answered
};

}  // namespace hourglass::api

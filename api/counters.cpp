#include "api/counters.hpp"

#include "api/routes.hpp"

namespace hourglass::api {

Counters::Counters() : by_route_(all_routes().size() + 1) {}

void Counters::count_reply(const Route* route, unsigned status) {
    replies_.at(status / 100 - 1).fetch_add(1, relaxed);
    ++of(route).replies[status];
}

void Counters::note_time(const Route* route, store::LatencyHistogram::Duration took) {
    of(route).times.note(took);
}

std::uint64_t Counters::replies() const {
    std::uint64_t sum = 0;
    for (const auto& count : replies_)
        sum += count.load(relaxed);
    return sum;
}

std::vector<RouteTraffic> Counters::traffic() const {
    std::vector<RouteTraffic> traffic;
    for (std::size_t i = 0; i < by_route_.size(); ++i) {
        RouteTraffic row{
            .method = other_traffic, .route = other_traffic, .replies = by_route_[i].replies, .times = {}};
        if (i < all_routes().size()) {
            row.method = http::to_string(all_routes()[i].method);
            row.route = all_routes()[i].path;
        }
        by_route_[i].times.add_to(row.times);
        traffic.push_back(std::move(row));
    }
    return traffic;
}

Counters::PerRoute& Counters::of(const Route* route) {
    if (route == nullptr) return by_route_.back();
    return by_route_[static_cast<std::size_t>(route - all_routes().data())];
}

}  // namespace hourglass::api

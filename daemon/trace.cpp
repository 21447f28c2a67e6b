#include "daemon/trace.hpp"

#include "daemon/addresses.hpp"

namespace hourglass::daemon {
namespace {

constexpr std::size_t packets_per_piece_max = 32;

class WatchedPackets : public api::PacketTrace {
public:
    explicit WatchedPackets(std::unique_ptr<radius::Trace::Watcher> watcher) : watcher_(std::move(watcher)) {}

    News take() override {
        const auto taken = watcher_->take(packets_per_piece_max);
        News news;
        for (const auto& packet : taken.packets)
            news.packets.push_back(to_json(*packet));
        news.left_out = taken.left_out;
        return news;
    }

private:
    std::unique_ptr<radius::Trace::Watcher> watcher_;
};

api::TraceAnswer open(const radius::Snapshot& snapshot, radius::Trace& trace,
                      const api::TraceQuestion& question) {
    radius::TraceFilter filter{.user = question.user};
    if (question.nas) {
        const auto address = parse_address(*question.nas);
        if (snapshot.clients.find_named(*question.nas)) {
            filter.nas = question.nas;
        } else if (address) {
            filter.address = address;
        } else {
            return api::QuestionMistake{"nas", "No NAS has this name, and it is no address."};
        }
    }
    auto watcher = trace.watch(std::move(filter));
    if (!watcher) return std::unique_ptr<api::PacketTrace>();
    return std::unique_ptr<api::PacketTrace>(std::make_unique<WatchedPackets>(std::move(watcher)));
}

}  // namespace

api::OpenTrace make_open_trace(std::shared_ptr<const radius::Snapshot> snapshot, radius::Trace& trace) {
    return [snapshot = std::move(snapshot), &trace](const api::TraceQuestion& question) {
        return open(*snapshot, trace, question);
    };
}

}  // namespace hourglass::daemon

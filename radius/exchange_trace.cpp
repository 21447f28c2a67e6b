#include "radius/exchange_trace.hpp"

namespace hourglass::radius {

void ExchangeTrace::note_request(const dynamic_authorization::Exchanges::Transmission& request,
                                 const std::shared_ptr<const Snapshot>& snapshot) {
    if (trace_ == nullptr || !trace_->is_watched()) return requests_.clear();
    if (requests_.size() >= requests_kept_max) requests_.clear();
    const auto packet = decode(request.bytes);
    if (!packet) return;
    TracedPacket traced{.time = std::chrono::system_clock::now(),
                        .nas = request.nas,
                        .snapshot = snapshot,
                        .client = snapshot->clients.find(request.nas.address()),
                        .packet = request.bytes,
                        .fate = TracedPacket::Fate::sent};
    requests_.insert_or_assign(Key(request.nas, request.source, packet->identifier()), traced);
    trace_->tell(std::move(traced));
}

void ExchangeTrace::note_answer(Bytes answer, const boost::asio::ip::udp::endpoint& nas, std::size_t source,
                                const std::shared_ptr<const Snapshot>& snapshot) {
    if (trace_ == nullptr || !trace_->is_watched()) return;
    const auto packet = decode(answer);
    if (!packet) return;
    auto asked = requests_.extract(Key(nas, source, packet->identifier()));
    if (asked.empty()) return;
    auto& traced = asked.mapped();
    traced.snapshot = snapshot;
    traced.client = snapshot->clients.find(nas.address());
    traced.reply.assign(answer.begin(), answer.end());
    traced.fate = TracedPacket::Fate::received;
    traced.took = std::chrono::system_clock::now() - traced.time;
    trace_->tell(std::move(traced));
}

}  // namespace hourglass::radius

#include "radius/request_trace.hpp"

#include <algorithm>
#include <iterator>

namespace hourglass::radius {

RequestTrace::RequestTrace(Trace* trace, const Datagram& datagram,
                           const std::shared_ptr<const Snapshot>& snapshot)
    : trace_(trace) {
    if (trace == nullptr || !trace->is_watched()) return;
    const auto address = datagram.peer.address();
    const auto* const client = snapshot->clients.find(address);
    if (!trace->is_wanted(subject_of(address, client, datagram.bytes))) return;
    traced_ = std::make_unique<TracedPacket>(TracedPacket{
        .time = datagram.received_at,
        .nas = datagram.peer,
        .snapshot = snapshot,
        .client = client,
        .packet = {datagram.bytes.begin(), datagram.bytes.end()}
    });
}

void RequestTrace::note_credential(const store::LoginUser* user, bool is_right) {
    if (!traced_) return;
    traced_->checks.push_back(
        {"user", user != nullptr, user ? "The user is known." : "No user has this name."});
    if (!user) return;
    traced_->user = user->id;
    traced_->checks.push_back(password_outcome(is_right));
}

void RequestTrace::note_checks(const Login& login) {
    if (!traced_) return;
    std::ranges::move(outcomes_of(login), std::back_inserter(traced_->checks));
}

void RequestTrace::note_grace() {
    if (traced_) traced_->checks.push_back({"grace", true, "Redis is away; he was let in before."});
}

void RequestTrace::note_refusal(RejectReason reason) {
    if (traced_) traced_->refusal = reason;
}

void RequestTrace::note_usage(const store::Applied& applied) {
    if (!traced_) return;
    traced_->user = applied.user;
    traced_->usage = applied;
}

void RequestTrace::note_journaled() {
    if (traced_) traced_->is_journaled = true;
}

void RequestTrace::answered(Bytes reply) {
    if (traced_) tell(TracedPacket::Fate::answered, reply);
}

void RequestTrace::repeated(Bytes reply) {
    if (traced_) tell(TracedPacket::Fate::repeated, reply);
}

void RequestTrace::repeated_in_progress() {
    if (traced_) tell(TracedPacket::Fate::in_progress, {});
}

void RequestTrace::dropped(error_code reason) {
    if (!traced_) return;
    traced_->drop = reason;
    tell(TracedPacket::Fate::dropped, {});
}

void RequestTrace::tell(TracedPacket::Fate fate, Bytes reply) {
    traced_->fate = fate;
    traced_->reply.assign(reply.begin(), reply.end());
    traced_->took = std::chrono::system_clock::now() - traced_->time;
    trace_->tell(std::move(*std::exchange(traced_, nullptr)));
}

}  // namespace hourglass::radius

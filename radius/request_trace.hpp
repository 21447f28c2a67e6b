// What is noted of one request for those who watch, from its arrival to its fate. While nobody wants to see
// it, every call does nothing.
#pragma once

#include "radius/trace.hpp"
#include "radius/udp_socket.hpp"

namespace hourglass::radius {

class RequestTrace {
public:
    // `trace` may be null. The other two need to live for the call only.
    RequestTrace(Trace* trace, const Datagram& datagram, const std::shared_ptr<const Snapshot>& snapshot);

    // Null `user`: nobody has that name.
    void note_credential(const store::LoginUser* user, bool is_right);
    void note_checks(const Login& login);
    // Redis being away.
    void note_grace();
    void note_refusal(RejectReason reason);
    void note_usage(const store::Applied& applied);
    void note_journaled();

    // One of these is the last word.
    void answered(Bytes reply);
    void repeated(Bytes reply);
    void repeated_in_progress();
    void dropped(error_code reason);

private:
    void tell(TracedPacket::Fate fate, Bytes reply);

    Trace* trace_;
    std::unique_ptr<TracedPacket> traced_;  // null: nobody wants it
};

}  // namespace hourglass::radius

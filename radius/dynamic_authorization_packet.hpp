// The packets of dynamic authorization: our requests made and signed, the NAS' answers checked and read.
#pragma once

#include "radius/digests.hpp"
#include "radius/dynamic_authorization.hpp"
#include "radius/packet.hpp"
#include "radius/packet_writer.hpp"

namespace hourglass::radius::dynamic_authorization {

// What names the session in a packet.
void add_identifiers(PacketWriter& packet, const SessionIdentity& session, Identifiers which);

// `now` becomes the Event-Timestamp, by which a NAS tells a replay (RFC 5176 section 6.3).
// Error::reply_too_long if the attributes do not fit.
result<std::vector<std::uint8_t>> encode(const Request& request, Step step, std::uint8_t identifier,
                                         std::chrono::sys_seconds now, const SharedSecret& secret);

// Of the answer to a packet of that kind with that Request Authenticator. Error::wrong_code,
// bad_authenticator or bad_message_authenticator.
result<Answer> read_answer(const Packet& answer, Kind kind, const Authenticator& request,
                           const SharedSecret& secret, Digests& digests);

}  // namespace hourglass::radius::dynamic_authorization

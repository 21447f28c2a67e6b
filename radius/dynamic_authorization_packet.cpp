#include "radius/dynamic_authorization_packet.hpp"

#include "radius/authenticator.hpp"

namespace hourglass::radius::dynamic_authorization {
namespace {

struct Codes {
    Code request;
    Code ack;
    Code nak;
};

constexpr Codes codes_of(Kind kind) {
    if (kind == Kind::disconnect)
        return {Code::disconnect_request, Code::disconnect_ack, Code::disconnect_nak};
    return {Code::coa_request, Code::coa_ack, Code::coa_nak};
}

void add_text(PacketWriter& packet, Attribute<Text> attribute, std::string_view value) {
    if (!value.empty()) packet.add(attribute, value);
}

void add_address(PacketWriter& packet, Attribute<Ipv4> ipv4, Attribute<Ipv6> ipv6,
                 const std::optional<boost::asio::ip::address>& address) {
    if (!address) return;
    if (address->is_v4())
        packet.add(ipv4, address->to_v4());
    else
        packet.add(ipv6, address->to_v6());
}

void add_essential_identifiers(PacketWriter& packet, const SessionIdentity& session) {
    add_text(packet, attr::user_name, session.user_name);
    add_text(packet, attr::acct_session_id, session.acct_session_id);
    add_text(packet, attr::nas_identifier, session.nas_identifier);
    add_address(packet, attr::nas_ip_address, attr::nas_ipv6_address, session.nas_address);
    add_text(packet, attr::calling_station_id, session.calling_station_id);
}

void add_further_identifiers(PacketWriter& packet, const SessionIdentity& session) {
    add_text(packet, attr::called_station_id, session.called_station_id);
    if (session.nas_port) packet.add(attr::nas_port, *session.nas_port);
    add_text(packet, attr::nas_port_id, session.nas_port_id);
    add_address(packet, attr::framed_ip_address, attr::framed_ipv6_address, session.framed_address);
    add_text(packet, attr::klass, session.klass);
}

}  // namespace

void add_identifiers(PacketWriter& packet, const SessionIdentity& session, Identifiers which) {
    add_essential_identifiers(packet, session);
    if (which == Identifiers::all) add_further_identifiers(packet, session);
}

result<std::vector<std::uint8_t>> encode(const Request& request, Step step, std::uint8_t identifier,
                                         std::chrono::sys_seconds now, const SharedSecret& secret) {
    PacketWriter packet(codes_of(step.kind).request, identifier);
    add_identifiers(packet, request.session, step.identifiers);
    if (step.kind == Kind::coa) {
        for (const auto& change : request.changes)
            packet.add(RawAttribute{change.type, change.value});
    }
    packet.add(attr::event_timestamp, now);
    return packet.sign_request(secret);
}

result<Answer> read_answer(const Packet& answer, Kind kind, const Authenticator& request,
                           const SharedSecret& secret, Digests& digests) {
    const auto codes = codes_of(kind);
    if (answer.code() != codes.ack && answer.code() != codes.nak) return Error::wrong_code;
    if (!has_response_authenticator(answer, request, secret, digests)) return Error::bad_authenticator;
    // strongSwan sends none, so its absence is no fault; an ACK is believed only until the Stop comes or does
    // not.
    if (check_message_authenticator(answer, request, secret) == MessageAuthenticator::invalid)
        return Error::bad_message_authenticator;
    return Answer{answer.code() == codes.ack, answer.find(attr::error_cause)};
}

}  // namespace hourglass::radius::dynamic_authorization

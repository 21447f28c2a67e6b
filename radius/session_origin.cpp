#include "radius/session_origin.hpp"

#include "radius/dynamic_authorization_packet.hpp"
#include "store/decimal.hpp"

namespace hourglass::radius {
namespace {

// Kept by its name, or as a number that has none.
std::optional<std::uint32_t> port_type_of(const store::SessionDetails& details) {
    const auto named = find_value(attr::nas_port_type, details.nas_port_type);
    return named ? named : store::parse_decimal<std::uint32_t>(details.nas_port_type);
}

std::vector<std::uint8_t> request_of(const store::UserSession& session) {
    const auto& details = session.session.details;
    PacketWriter request(Code::access_request, 0);
    const auto identity =
        dynamic_authorization::identity_of(session.username, session.session.session_id, details);
    add_identifiers(request, identity, dynamic_authorization::Identifiers::all);
    if (const auto type = port_type_of(details)) request.add(attr::nas_port_type, *type);
    auto octets = request.sign_request("nobody");
    return octets ? *std::move(octets) : std::vector<std::uint8_t>();
}

}  // namespace

SessionOrigin::SessionOrigin(const store::UserSession& session)
    : nas_name_(session.session.details.nas_name), request_(request_of(session)) {
    boost::system::error_code unreadable;
    address_ = boost::asio::ip::make_address(session.session.details.source_address, unreadable);
}

LoginOrigin SessionOrigin::get() const {
    const auto request = decode(request_);
    return {request ? std::optional(*request) : std::nullopt, nas_name_, address_};
}

}  // namespace hourglass::radius

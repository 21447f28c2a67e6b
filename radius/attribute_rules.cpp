#include "radius/attribute_rules.hpp"

#include <algorithm>
#include <array>

namespace hourglass::radius {
namespace {

constexpr auto of_the_protocol = std::to_array<std::uint8_t>({
    attr::user_password.type,
    attr::chap_password.type,
    attr::state.type,
    attr::proxy_state.type,
    attr::chap_challenge.type,
    attr::eap_message.type,
    attr::message_authenticator.type,
});
constexpr auto of_microsoft = std::to_array<VendorAttribute<Octets>>({
    attr::ms_chap_response,
    attr::ms_chap_error,
    attr::ms_chap_challenge,
    attr::ms_chap_mppe_keys,
    attr::ms_mppe_send_key,
    attr::ms_mppe_recv_key,
    attr::ms_chap2_response,
    attr::ms_chap2_success,
});

}  // namespace

bool is_of_the_protocol(const AttributePath& path) {
    if (path.size() == 1) return std::ranges::find(of_the_protocol, path.front()) != of_the_protocol.end();
    return std::ranges::any_of(of_microsoft, [&](const VendorAttribute<Octets>& attribute) {
        return path == AttributePath{attr::vendor_specific, attribute.vendor, attribute.type};
    });
}

std::optional<std::string> find_reply_mistake(std::string_view name, const ParsedAttribute& parsed) {
    if (const auto* mistake = std::get_if<AttributeMistake>(&parsed)) return mistake->sentence;
    const auto& path = std::get<AttributeData>(parsed).path;
    if (path == AttributePath{attr::user_name.type})
        return std::string(name) +
               " is what the NAS reports the session under, and no attribute of a profile";
    if (is_of_the_protocol(path))
        return std::string(name) + " is the protocol's own business and no attribute of a profile";
    return std::nullopt;
}

}  // namespace hourglass::radius

#include "radius/mac_login.hpp"

namespace hourglass::radius {
namespace {

constexpr std::uint32_t call_check = 10;  // of Service-Type, RFC 2865 section 5.6

bool is_call_check(const Packet& request) {
    return request.find(attr::service_type) == call_check;
}

bool is_device(const UserIdentity& identity, std::string_view password) {
    return identity.mac_address && parse_mac_address(password) == identity.mac_address;
}

Verdict check_spellings(const Credential& credential, const Packet& request, const MacAddress& address,
                        std::string_view secret, Digests& digests) {
    Verdict right;
    for (const auto& spelling : spellings(address)) {
        auto verdict = check(credential, request, spelling, secret, digests);
        if (verdict.is_right) right = std::move(verdict);
    }
    return right;
}

}  // namespace

std::variant<Credential, RejectReason> find_credential(const Packet& request, const UserIdentity& identity) {
    auto found = find_credential(request);
    const auto* const reason = std::get_if<RejectReason>(&found);
    const bool has_none = reason != nullptr && *reason == RejectReason::no_credential;
    if (has_none && identity.mac_address && is_call_check(request)) return CallCheck{};
    return found;
}

Verdict check(const Credential& credential, const Packet& request, const UserIdentity& identity,
              std::string_view password, std::string_view secret, Digests& digests) {
    auto verdict = check(credential, request, password, secret, digests);
    if (!identity.mac_address) return verdict;
    auto by_address = check_spellings(credential, request, *identity.mac_address, secret, digests);
    if (verdict.is_right || !is_device(identity, password)) return verdict;
    if (by_address.is_right) return by_address;
    return {is_call_check(request), {}};
}

bool is_of_other_station(const Packet& request, const UserIdentity& identity, std::string_view password) {
    if (!is_device(identity, password)) return false;
    const auto station = request.find(attr::calling_station_id);
    const auto address = station ? parse_mac_address(*station) : std::nullopt;
    return address && address != identity.mac_address;
}

}  // namespace hourglass::radius

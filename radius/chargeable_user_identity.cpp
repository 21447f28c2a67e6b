#include "radius/chargeable_user_identity.hpp"

#include "store/hex.hpp"

namespace hourglass::radius {
namespace {

constexpr std::size_t identity_octets = 16;

// Operator-Name (RFC 5580 section 4.1), else whose NAS it is.
std::string operator_of(const Packet& request, const Client& client) {
    if (const auto name = request.find(attr::operator_name); name && !name->empty())
        return "operator " + std::string(*name);
    return client.organization ? "organization " + std::to_string(*client.organization) : std::string();
}

}  // namespace

std::string make_chargeable_user_identity(store::UserId user, const Packet& request, const Client& client,
                                          const SealKey& key) {
    if (!request.contains(attr::chargeable_user_identity)) return {};
    const auto text = std::to_string(user) + " " + operator_of(request, client);
    const auto digest = key.sign({as_bytes(text)});
    return store::to_hex(Bytes(digest).first(identity_octets));
}

}  // namespace hourglass::radius

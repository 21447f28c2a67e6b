// Chargeable-User-Identity (RFC 4372): a NAS that asks for it gets a name for the user that tells nothing
// about him, stays the same while he may be renamed, and is another with every operator.
#pragma once

#include "radius/clients.hpp"
#include "radius/packet.hpp"
#include "radius/session_class.hpp"

#include <string>

namespace hourglass::radius {

inline constexpr std::string_view chargeable_user_identity_purpose = "Chargeable-User-Identity";

// Empty: the Access-Request has none, not even a NUL.
std::string make_chargeable_user_identity(store::UserId user, const Packet& request, const Client& client,
                                          const SealKey& key);

}  // namespace hourglass::radius

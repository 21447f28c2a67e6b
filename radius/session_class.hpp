// The Class that binds a session to its user (RFC 2865 section 5.25): a NAS sends it back in every report, so
// that the user is known whatever he is called by then. "hg1.<user id>.<second of the login>.<seal>"; the
// seal is of a key that all daemons of one store have. Nothing in it is secret, and nobody else can make one.
#pragma once

#include "radius/digests.hpp"
#include "radius/packet.hpp"
#include "store/record.hpp"
#include "store/secret_box.hpp"

#include <string>

namespace hourglass::radius {

using SealKey = store::SecretBox::Key;
inline constexpr std::string_view session_class_purpose = "Class of sessions";  // see SecretBox::derive_key()
inline constexpr std::size_t seal_octets = 10;

std::string make_session_class(store::UserId user, store::Time login, const SealKey& key, Digests& digests);

struct FoundClass {
    store::UserId user{};  // 0: no Class of ours
    bool is_forged{};      // one looks like ours and is not
};
// Among all that the request carries; operators have Classes of their own.
FoundClass find_session_class(const Packet& request, const SealKey& key, Digests& digests);

}  // namespace hourglass::radius

// The Class that binds a session to its user (RFC 2865 section 5.25): a NAS sends it back in every report, so
// that the user is known whatever he is called by then. "hg1.<user id>.<second of the login>.<seal>"; the
// seal is of a key that all daemons of one store have. Nothing in it is secret, and nobody else can make one.
#pragma once

#include "radius/hmac.hpp"
#include "radius/packet.hpp"
#include "store/record.hpp"
#include "store/secret_box.hpp"

#include <string_view>

namespace hourglass::radius {

using SealKey = HmacKey<Sha256>;
inline constexpr std::string_view session_class_purpose = "Class of sessions";  // see SecretBox::derive_key()
inline constexpr std::size_t seal_octets = 10;

// Its text, in no memory of its own.
class SessionClass {
public:
    void append(std::string_view text);
    void append(std::int64_t number);
    operator std::string_view() const { return {octets_.data(), size_}; }

private:
    std::array<char, 64> octets_;
    std::size_t size_ = 0;
};
SessionClass make_session_class(store::UserId user, store::Time login, const SealKey& key);

struct FoundClass {
    store::UserId user{};  // 0: no Class of ours
    bool is_forged{};      // one looks like ours and is not
};
// Among all that the request carries; operators have Classes of their own.
FoundClass find_session_class(const Packet& request, const SealKey& key);

}  // namespace hourglass::radius

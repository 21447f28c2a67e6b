// The authentication methods: which credential an Access-Request carries, whether it is right, and what the
// answer owes to the method. PAP, CHAP, MS-CHAPv1 and MS-CHAPv2; EAP is recognised, to be refused properly.
#pragma once

#include "radius/authorization.hpp"
#include "radius/ms_chap.hpp"
#include "radius/packet_writer.hpp"

#include <variant>

namespace hourglass::radius {

// Views into the request.
struct Pap {
    Bytes hidden_password;
};
struct Chap {
    std::uint8_t identifier{};
    Bytes response;
    Bytes challenge;  // empty: the Request Authenticator
};
struct MsChap1 {
    std::uint8_t identifier{};
    Bytes challenge;
    Bytes nt_response;
};
struct MsChap2 {
    std::uint8_t identifier{};
    Bytes challenge;
    Bytes peer_challenge;
    Bytes nt_response;
};
struct Eap {
    std::uint8_t identifier{};  // of the EAP packet, which its Failure repeats
};
struct CallCheck {};  // none: see mac_login.hpp

using Credential = std::variant<Pap, Chap, MsChap1, MsChap2, Eap, CallCheck>;

// Exactly one is allowed (RFC 2865 section 4.1): no_credential, several_credentials, malformed_credential.
std::variant<Credential, RejectReason> find_credential(const Packet& request);

// What a right MS-CHAP credential lets the server know and the Access-Accept tell.
struct MsChap1Success {
    NtHash password_hash_hash;
};
struct MsChap2Success {
    std::uint8_t identifier{};
    std::string authenticator_response;
    MppeKeys keys;
};

struct Verdict {
    bool is_right{};
    std::variant<std::monostate, MsChap1Success, MsChap2Success> success;
};

// Does the same work whatever the outcome. An Eap or CallCheck is never right, nor is anything for an empty
// password.
Verdict check(const Credential& credential, const Packet& request, std::string_view password,
              std::string_view secret, Digests& digests);

// Random octets that answers need; the caller draws them, so that the same arguments give the same answer.
struct Nonces {
    std::uint16_t salt{};                          // of the two MPPE keys
    std::array<std::uint8_t, 16> new_challenge{};  // in an MS-CHAP-Error
};

// The method's own attributes of an Access-Accept.
void add_success(PacketWriter& accept, const Verdict& verdict, const Packet& request, const Nonces& nonces,
                 std::string_view secret, Digests& digests);
// The method's own attributes of an Access-Reject: MS-CHAP-Error (RFC 2433 section 9), EAP-Failure (RFC 3579
// section 2.6.3).
void add_failure(PacketWriter& reject, const Credential& credential, const Nonces& nonces);

}  // namespace hourglass::radius

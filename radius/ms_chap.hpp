// The arithmetic of MS-CHAPv1 (RFC 2433) and MS-CHAPv2 (RFC 2759), and of the MPPE keys that come with them
// (RFC 3079). Names follow the RFCs' pseudocode.
#pragma once

#include "radius/digests.hpp"

#include <string>
#include <string_view>

namespace hourglass::radius {

using NtHash = Md4Digest;
using MsChapChallenge = std::array<std::uint8_t, 8>;
using NtResponse = std::array<std::uint8_t, 24>;
using MppeKey = std::array<std::uint8_t, 16>;

// NtPasswordHash: MD4 of the password as UTF-16LE. Octets that are not UTF-8 are left out.
NtHash nt_password_hash(std::string_view password, Digests& digests);

// ChallengeResponse: the challenge under three DES keys cut from the hash.
NtResponse challenge_response(const MsChapChallenge& challenge, const NtHash& hash, Digests& digests);

// ChallengeHash of MS-CHAPv2; a DOMAIN\ before the user name does not count.
MsChapChallenge challenge_hash(Bytes peer_challenge, Bytes authenticator_challenge, std::string_view username,
                               Digests& digests);

// GenerateAuthenticatorResponse: "S=" and 40 hexadecimal digits, by which the server proves that it knows the
// password too.
std::string authenticator_response(const NtHash& password_hash_hash, Bytes nt_response,
                                   const MsChapChallenge& challenge, Digests& digests);

// The start keys of MPPE with 128 bits, as the NAS (the server of RFC 3079) uses them.
struct MppeKeys {
    MppeKey send;
    MppeKey receive;
};
MppeKeys mppe_keys(const NtHash& password_hash_hash, Bytes nt_response, Digests& digests);

}  // namespace hourglass::radius

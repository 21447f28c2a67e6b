// The digests and the cipher that the authentication methods are made of, by OpenSSL: fetched once, contexts
// used again, since a fetch for each use costs three times the digest itself. MD4 and DES come from OpenSSL's
// legacy provider. What is keyed, and needed for every packet, is in hmac.hpp.
#pragma once

#include "radius/hmac.hpp"

#include <initializer_list>
#include <memory>

namespace hourglass::radius {

using Md4Digest = std::array<std::uint8_t, 16>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using DesBlock = std::array<std::uint8_t, 8>;

// One per event loop: the contexts are not for two threads at once.
class Digests {
public:
    // Throws std::runtime_error with a sentence for the operator when OpenSSL lacks an algorithm.
    Digests();
    ~Digests();
    Digests(const Digests&) = delete;
    Digests& operator=(const Digests&) = delete;

    // Each of the parts in their order, as if they were one text.
    Md5Digest md5(std::initializer_list<Bytes> parts) const { return no_text_.digest(parts); }
    Sha1Digest sha1(std::initializer_list<Bytes> parts);
    Md4Digest md4(Bytes text);

    // One block under a key of 7 octets, whose parity bits are put in here (RFC 2433 section A.6).
    DesBlock des(std::span<const std::uint8_t, 7> key, const DesBlock& block);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
    Hash<Md5> no_text_;
};

// In a time that does not depend on where they differ.
bool is_equal_secret(Bytes left, Bytes right);

}  // namespace hourglass::radius

// MD5 and SHA-256 as values, and HMAC (RFC 2104) over them: what a key puts before every text is hashed once,
// and each digest goes on from a copy of that state. By OpenSSL's own functions for the two, since EVP's
// states cannot be copied without allocations, and cost a login a third more.
#pragma once

#include "radius/bytes.hpp"

#include <openssl/md5.h>
#include <openssl/sha.h>

#include <initializer_list>

namespace hourglass::radius {

using Md5Digest = std::array<std::uint8_t, MD5_DIGEST_LENGTH>;
using Sha256Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

struct Md5 {
    using Digest = Md5Digest;
    using State = MD5_CTX;

    static void begin(State& state);
    static void add(State& state, Bytes part);
    static void finish(State& state, Digest& digest);
};

struct Sha256 {
    using Digest = Sha256Digest;
    using State = SHA256_CTX;

    static void begin(State& state);
    static void add(State& state, Bytes part);
    static void finish(State& state, Digest& digest);
};

// A text that is hashed piece by piece.
template <class Algorithm>
class Hash {
public:
    using Digest = typename Algorithm::Digest;

    Hash() { Algorithm::begin(state_); }

    void add(Bytes part) { Algorithm::add(state_, part); }

    // Of what was added, and of the parts behind it, as if they were one text.
    Digest digest(std::initializer_list<Bytes> parts) const {
        auto state = state_;
        for (const auto part : parts)
            Algorithm::add(state, part);
        Digest digest;
        Algorithm::finish(state, digest);
        return digest;
    }

private:
    typename Algorithm::State state_;
};

template <class Algorithm>
class HmacKey {
public:
    using Digest = typename Algorithm::Digest;

    explicit HmacKey(Bytes key);

    // Each of the parts in their order, as if they were one text.
    Digest sign(std::initializer_list<Bytes> parts) const {
        const auto inner = inner_.digest(parts);
        return outer_.digest({inner});
    }

private:
    Hash<Algorithm> inner_;  // that has hashed the key's pads
    Hash<Algorithm> outer_;
};

extern template class HmacKey<Md5>;
extern template class HmacKey<Sha256>;

}  // namespace hourglass::radius

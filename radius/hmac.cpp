#define OPENSSL_SUPPRESS_DEPRECATED  // "use EVP instead": see the header

#include "radius/hmac.hpp"

#include <algorithm>

namespace hourglass::radius {
namespace {

constexpr std::size_t block_octets = 64;
static_assert(block_octets == MD5_CBLOCK && block_octets == SHA256_CBLOCK);
constexpr std::uint8_t inner_pad = 0x36;
constexpr std::uint8_t outer_pad = 0x5c;

}  // namespace

// None of these can fail: they return 1 and nothing else.
void Md5::begin(State& state) {
    MD5_Init(&state);
}
void Md5::add(State& state, Bytes part) {
    MD5_Update(&state, part.data(), part.size());
}
void Md5::finish(State& state, Digest& digest) {
    MD5_Final(digest.data(), &state);
}

void Sha256::begin(State& state) {
    SHA256_Init(&state);
}
void Sha256::add(State& state, Bytes part) {
    SHA256_Update(&state, part.data(), part.size());
}
void Sha256::finish(State& state, Digest& digest) {
    SHA256_Final(digest.data(), &state);
}

template <class Algorithm>
HmacKey<Algorithm>::HmacKey(Bytes key) {
    std::array<std::uint8_t, block_octets> block{};
    if (key.size() > block.size())
        std::ranges::copy(Hash<Algorithm>().digest({key}), block.begin());
    else
        std::ranges::copy(key, block.begin());
    for (auto& octet : block)
        octet ^= inner_pad;
    inner_.add(block);
    for (auto& octet : block)
        octet ^= inner_pad ^ outer_pad;
    outer_.add(block);
}

template class HmacKey<Md5>;
template class HmacKey<Sha256>;

}  // namespace hourglass::radius

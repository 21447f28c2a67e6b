#include "radius/digests.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace hourglass::radius {
namespace {

constexpr std::size_t block_octets = 64;  // of MD5 and SHA-256

template <auto free>
struct Free {
    void operator()(auto* object) const { free(object); }
};
using LibraryContext = std::unique_ptr<OSSL_LIB_CTX, Free<OSSL_LIB_CTX_free>>;
using Provider = std::unique_ptr<OSSL_PROVIDER, Free<OSSL_PROVIDER_unload>>;
using DigestMethod = std::unique_ptr<EVP_MD, Free<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using CipherMethod = std::unique_ptr<EVP_CIPHER, Free<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;

void require(bool succeeded, const char* what) {
    if (!succeeded) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

Provider load_provider(OSSL_LIB_CTX* library, const char* name) {
    Provider provider(OSSL_PROVIDER_load(library, name));
    if (!provider)
        throw std::runtime_error(std::string("OpenSSL's \"") + name +
                                 "\" provider cannot be loaded (MS-CHAP needs MD4 and DES of \"legacy\"): "
                                 "is OpenSSL's module directory complete?");
    return provider;
}

DigestMethod fetch_digest(OSSL_LIB_CTX* library, const char* name) {
    DigestMethod method(EVP_MD_fetch(library, name, nullptr));
    if (!method) throw std::runtime_error(std::string("OpenSSL does not offer ") + name);
    return method;
}

}  // namespace

class Digests::Implementation {
public:
    Implementation()
        : library_(OSSL_LIB_CTX_new()),
          default_(load_provider(library_.get(), "default")),
          legacy_(load_provider(library_.get(), "legacy")),
          md5_(fetch_digest(library_.get(), "MD5")),
          sha1_(fetch_digest(library_.get(), "SHA1")),
          sha256_(fetch_digest(library_.get(), "SHA256")),
          md4_(fetch_digest(library_.get(), "MD4")),
          des_(EVP_CIPHER_fetch(library_.get(), "DES-ECB", nullptr)),
          digest_context_(EVP_MD_CTX_new()),
          cipher_context_(EVP_CIPHER_CTX_new()) {
        if (!des_) throw std::runtime_error("OpenSSL does not offer DES-ECB");
        require(digest_context_ && cipher_context_, "no memory for contexts");
    }

    const EVP_MD* md5() const { return md5_.get(); }
    const EVP_MD* sha1() const { return sha1_.get(); }
    const EVP_MD* sha256() const { return sha256_.get(); }
    const EVP_MD* md4() const { return md4_.get(); }

    template <std::size_t size>
    std::array<std::uint8_t, size> digest(const EVP_MD* method, Bytes prefix,
                                          std::initializer_list<Bytes> parts) {
        auto* context = digest_context_.get();
        std::array<std::uint8_t, size> digest;
        bool succeeded = EVP_DigestInit_ex2(context, method, nullptr) == 1;
        if (!prefix.empty()) succeeded &= EVP_DigestUpdate(context, prefix.data(), prefix.size()) == 1;
        for (const auto part : parts)
            succeeded &= EVP_DigestUpdate(context, part.data(), part.size()) == 1;
        succeeded &= EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1;
        require(succeeded, "a digest could not be made");
        return digest;
    }

    // RFC 2104, by hand over the one reused context: EVP's own HMAC costs half as much again.
    template <std::size_t size>
    std::array<std::uint8_t, size> hmac(const EVP_MD* method, Bytes key, std::initializer_list<Bytes> parts) {
        std::array<std::uint8_t, size> shortened;
        if (key.size() > block_octets) {
            shortened = digest<size>(method, {}, {key});
            key = shortened;
        }
        std::array<std::uint8_t, block_octets> inner_pad{};
        std::ranges::copy(key, inner_pad.begin());
        auto outer_pad = inner_pad;
        for (auto& octet : inner_pad)
            octet ^= 0x36;
        for (auto& octet : outer_pad)
            octet ^= 0x5c;

        const auto inner = digest<size>(method, inner_pad, parts);
        return digest<size>(method, outer_pad, {inner});
    }

    DesBlock des(const DesBlock& key, const DesBlock& block) {
        auto* context = cipher_context_.get();
        DesBlock output;
        int length = 0;
        require(EVP_EncryptInit_ex2(context, des_.get(), key.data(), nullptr, nullptr) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
                    EVP_EncryptUpdate(context, output.data(), &length, block.data(),
                                      static_cast<int>(block.size())) == 1 &&
                    length == static_cast<int>(output.size()),
                "DES");
        return output;
    }

private:
    LibraryContext library_;
    Provider default_;
    Provider legacy_;
    DigestMethod md5_;
    DigestMethod sha1_;
    DigestMethod sha256_;
    DigestMethod md4_;
    CipherMethod des_;
    DigestContext digest_context_;
    CipherContext cipher_context_;
};

Digests::Digests() : implementation_(std::make_unique<Implementation>()) {}
Digests::~Digests() = default;

Md5Digest Digests::md5(std::initializer_list<Bytes> parts) {
    return implementation_->digest<16>(implementation_->md5(), {}, parts);
}

Md5Digest Digests::hmac_md5(Bytes key, std::initializer_list<Bytes> parts) {
    return implementation_->hmac<16>(implementation_->md5(), key, parts);
}

Sha256Digest Digests::hmac_sha256(Bytes key, std::initializer_list<Bytes> parts) {
    return implementation_->hmac<32>(implementation_->sha256(), key, parts);
}

Sha1Digest Digests::sha1(std::initializer_list<Bytes> parts) {
    return implementation_->digest<20>(implementation_->sha1(), {}, parts);
}

Md4Digest Digests::md4(Bytes text) {
    return implementation_->digest<16>(implementation_->md4(), {}, {text});
}

DesBlock Digests::des(std::span<const std::uint8_t, 7> key, const DesBlock& block) {
    const auto bits = read_integer(key);
    DesBlock with_parity;
    for (unsigned i = 0; i < 8; ++i)
        with_parity[i] = static_cast<std::uint8_t>(bits >> (49 - 7 * i) << 1);
    return implementation_->des(with_parity, block);
}

bool is_equal_secret(Bytes left, Bytes right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace hourglass::radius

#include "radius/digests.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace hourglass::radius {
namespace {

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
          sha1_(fetch_digest(library_.get(), "SHA1")),
          md4_(fetch_digest(library_.get(), "MD4")),
          des_(EVP_CIPHER_fetch(library_.get(), "DES-ECB", nullptr)),
          digest_context_(EVP_MD_CTX_new()),
          cipher_context_(EVP_CIPHER_CTX_new()) {
        if (!des_) throw std::runtime_error("OpenSSL does not offer DES-ECB");
        require(digest_context_ && cipher_context_, "no memory for contexts");
    }

    const EVP_MD* sha1() const { return sha1_.get(); }
    const EVP_MD* md4() const { return md4_.get(); }

    template <std::size_t size>
    std::array<std::uint8_t, size> digest(const EVP_MD* method, std::initializer_list<Bytes> parts) {
        auto* context = digest_context_.get();
        std::array<std::uint8_t, size> digest;
        bool succeeded = EVP_DigestInit_ex2(context, method, nullptr) == 1;
        for (const auto part : parts)
            succeeded &= EVP_DigestUpdate(context, part.data(), part.size()) == 1;
        succeeded &= EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1;
        require(succeeded, "a digest could not be made");
        return digest;
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
    DigestMethod sha1_;
    DigestMethod md4_;
    CipherMethod des_;
    DigestContext digest_context_;
    CipherContext cipher_context_;
};

Digests::Digests() : implementation_(std::make_unique<Implementation>()) {}
Digests::~Digests() = default;

Sha1Digest Digests::sha1(std::initializer_list<Bytes> parts) {
    return implementation_->digest<20>(implementation_->sha1(), parts);
}

Md4Digest Digests::md4(Bytes text) {
    return implementation_->digest<16>(implementation_->md4(), {text});
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

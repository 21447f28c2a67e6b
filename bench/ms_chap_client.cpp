#include "bench/ms_chap_client.hpp"

#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <initializer_list>
#include <stdexcept>

namespace hourglass::bench {

namespace {

constexpr std::uint32_t microsoft = 311;
constexpr std::uint8_t ms_chap_challenge = 11;
constexpr std::uint8_t ms_chap2_response = 25;
constexpr std::size_t des_block_octets = 8;
constexpr std::size_t des_key_octets = 7;  // without parity

template <class Handle>
Handle* require(Handle* handle) {
    if (handle == nullptr) throw std::runtime_error("OpenSSL offers no MD4 or DES: see its legacy provider");
    return handle;
}

template <std::size_t octets>
std::array<std::uint8_t, octets> digest_of(const EVP_MD* algorithm, std::initializer_list<nas::View> parts) {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::array<std::uint8_t, octets> digest{};
    EVP_DigestInit_ex(context.get(), algorithm, nullptr);
    for (const auto part : parts)
        EVP_DigestUpdate(context.get(), part.data(), part.size());
    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
    return digest;
}

// Seven octets become eight, of which the last bit is left to the parity that nobody looks at.
std::array<std::uint8_t, des_block_octets> with_room_for_parity(nas::View key) {
    std::uint64_t bits = 0;
    for (const auto octet : key)
        bits = bits << 8 | octet;
    std::array<std::uint8_t, des_block_octets> spread{};
    for (std::size_t i = 0; i < spread.size(); ++i)
        spread[i] = static_cast<std::uint8_t>(bits >> (49 - 7 * i) << 1);
    return spread;
}

nas::Octets vendor_attribute(std::uint8_t type, nas::View value) {
    nas::Octets octets{0,
                       0,
                       static_cast<std::uint8_t>(microsoft >> 8),
                       static_cast<std::uint8_t>(microsoft),
                       type,
                       static_cast<std::uint8_t>(value.size() + 2)};
    octets.insert(octets.end(), value.begin(), value.end());
    return octets;
}

}  // namespace

struct MsChapClient::Algorithms {
    using Library = std::unique_ptr<OSSL_LIB_CTX, void (*)(OSSL_LIB_CTX*)>;
    using Provider = std::unique_ptr<OSSL_PROVIDER, int (*)(OSSL_PROVIDER*)>;
    using Digest = std::unique_ptr<EVP_MD, void (*)(EVP_MD*)>;

    Library library{OSSL_LIB_CTX_new(), OSSL_LIB_CTX_free};
    Provider standard{require(OSSL_PROVIDER_load(library.get(), "default")), OSSL_PROVIDER_unload};
    Provider legacy{require(OSSL_PROVIDER_load(library.get(), "legacy")), OSSL_PROVIDER_unload};
    Digest md4{require(EVP_MD_fetch(library.get(), "MD4", nullptr)), EVP_MD_free};
    Digest sha1{require(EVP_MD_fetch(library.get(), "SHA1", nullptr)), EVP_MD_free};
    std::unique_ptr<EVP_CIPHER, void (*)(EVP_CIPHER*)> des{
        require(EVP_CIPHER_fetch(library.get(), "DES-ECB", nullptr)), EVP_CIPHER_free};
    std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> cipher{EVP_CIPHER_CTX_new(),
                                                                      EVP_CIPHER_CTX_free};

    // RFC 2759 section 8.5: the challenge under three keys that the password's hash is cut into.
    std::array<std::uint8_t, 3 * des_block_octets> challenge_response(nas::View challenge, nas::View hash) {
        std::array<std::uint8_t, 3 * des_key_octets> keys{};
        std::ranges::copy(hash, keys.begin());
        std::array<std::uint8_t, 3 * des_block_octets> response{};
        for (std::size_t i = 0; i < 3; ++i) {
            const auto key =
                with_room_for_parity(nas::View(keys).subspan(i * des_key_octets, des_key_octets));
            int written{};
            EVP_EncryptInit_ex(cipher.get(), des.get(), nullptr, key.data(), nullptr);
            EVP_EncryptUpdate(cipher.get(), &response[i * des_block_octets], &written, challenge.data(),
                              static_cast<int>(des_block_octets));
        }
        return response;
    }
};

MsChapClient::MsChapClient() : algorithms_(std::make_unique<Algorithms>()) {}

MsChapClient::~MsChapClient() = default;

void MsChapClient::add_to(nas::Request& request, std::uint8_t identifier, std::string_view name,
                          std::string_view password, const Challenge& authenticator_challenge,
                          const Challenge& peer_challenge) {
    nas::Octets utf16;
    for (const char character : password)
        utf16.insert(utf16.end(), {static_cast<std::uint8_t>(character), 0});
    const auto hash = digest_of<16>(algorithms_->md4.get(), {utf16});
    const nas::View name_octets(reinterpret_cast<const std::uint8_t*>(name.data()), name.size());
    const auto challenge =
        digest_of<20>(algorithms_->sha1.get(), {peer_challenge, authenticator_challenge, name_octets});
    const auto response = algorithms_->challenge_response(nas::View(challenge).first(des_block_octets), hash);

    constexpr std::size_t reserved_octets = 8;
    nas::Octets value{identifier, 0};
    value.insert(value.end(), peer_challenge.begin(), peer_challenge.end());
    value.insert(value.end(), reserved_octets, 0);
    value.insert(value.end(), response.begin(), response.end());
    request.add(nas::Attribute::vendor_specific,
                nas::View(vendor_attribute(ms_chap_challenge, authenticator_challenge)));
    request.add(nas::Attribute::vendor_specific, nas::View(vendor_attribute(ms_chap2_response, value)));
}

}  // namespace hourglass::bench

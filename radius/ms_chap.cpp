#include "radius/ms_chap.hpp"

#include "store/secret.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/locale/encoding_utf.hpp>

#include <algorithm>

namespace hourglass::radius {
namespace {

// RFC 2759 section 8.7.
constexpr std::string_view signing_constant = "Magic server to client signing constant";
constexpr std::string_view iteration_pad = "Pad to make it do more than one iteration";

// RFC 3079 section 3.4.
constexpr std::string_view master_key_constant = "This is the MPPE Master Key";
constexpr std::string_view server_receive_constant =
    "On the client side, this is the send key; on the server side, it is the receive key.";
constexpr std::string_view server_send_constant =
    "On the client side, this is the receive key; on the server side, it is the send key.";

constexpr std::size_t key_pad_octets = 40;
constexpr std::array<std::uint8_t, key_pad_octets> key_pad_1{};
constexpr auto key_pad_2 = [] {
    std::array<std::uint8_t, key_pad_octets> pad{};
    pad.fill(0xf2);
    return pad;
}();

std::string_view without_domain(std::string_view username) {
    const auto backslash = username.find('\\');
    return backslash == std::string_view::npos ? username : username.substr(backslash + 1);
}

// The first octets of a digest.
template <class Short, class Digest>
Short shortened(const Digest& digest) {
    Short result;
    std::copy_n(digest.begin(), result.size(), result.begin());
    return result;
}

}  // namespace

NtHash nt_password_hash(std::string_view password, Digests& digests) {
    auto characters = boost::locale::conv::utf_to_utf<char16_t>(
        password.data(), password.data() + password.size(), boost::locale::conv::skip);
    store::Secret little_endian(characters.size() * 2);
    auto octet = little_endian.octets().begin();
    for (const auto character : characters) {
        *octet++ = static_cast<char>(character);
        *octet++ = static_cast<char>(character >> 8);
    }
    OPENSSL_cleanse(characters.data(), characters.size() * sizeof(char16_t));
    return digests.md4(as_bytes(little_endian));
}

NtResponse challenge_response(const MsChapChallenge& challenge, const NtHash& hash, Digests& digests) {
    constexpr std::size_t des_key_octets = 7;
    std::array<std::uint8_t, 3 * des_key_octets> keys{};
    std::ranges::copy(hash, keys.begin());

    NtResponse response;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto key = std::span(keys).subspan(i * des_key_octets, des_key_octets).first<des_key_octets>();
        const auto block = digests.des(key, challenge);
        std::copy_n(block.begin(), block.size(),
                    response.begin() + static_cast<std::ptrdiff_t>(i * block.size()));
    }
    return response;
}

MsChapChallenge challenge_hash(Bytes peer_challenge, Bytes authenticator_challenge, std::string_view username,
                               Digests& digests) {
    const auto digest =
        digests.sha1({peer_challenge, authenticator_challenge, as_bytes(without_domain(username))});
    return shortened<MsChapChallenge>(digest);
}

std::string authenticator_response(const NtHash& password_hash_hash, Bytes nt_response,
                                   const MsChapChallenge& challenge, Digests& digests) {
    const auto digest = digests.sha1({password_hash_hash, nt_response, as_bytes(signing_constant)});
    const auto proof = digests.sha1({digest, challenge, as_bytes(iteration_pad)});

    std::string response = "S=";
    boost::algorithm::hex(proof, std::back_inserter(response));
    return response;
}

MppeKeys mppe_keys(const NtHash& password_hash_hash, Bytes nt_response, Digests& digests) {
    const auto master_key =
        shortened<MppeKey>(digests.sha1({password_hash_hash, nt_response, as_bytes(master_key_constant)}));
    const auto start_key = [&](std::string_view constant) {
        return shortened<MppeKey>(digests.sha1({master_key, key_pad_1, as_bytes(constant), key_pad_2}));
    };
    return {start_key(server_send_constant), start_key(server_receive_constant)};
}

}  // namespace hourglass::radius

#include "radius/attribute_cipher.hpp"

#include "radius/authenticator.hpp"

namespace hourglass::radius {
namespace {

constexpr std::size_t block_octets = 16;
constexpr std::size_t salt_octets = 2;
constexpr std::size_t length_octets = 1;
constexpr std::size_t user_password_octets_max = 128;
constexpr std::size_t tunnel_password_octets_max = 240 - length_octets;
constexpr std::uint16_t salt_mark = 0x8000;

std::size_t rounded_up(std::size_t octets) {
    return (octets + block_octets - 1) / block_octets * block_octets;
}

using SaltedVector = std::array<std::uint8_t, std::tuple_size_v<Authenticator> + salt_octets>;

SaltedVector salted(const Authenticator& request, Bytes salt) {
    SaltedVector vector{};
    std::ranges::copy(salt, std::ranges::copy(request, vector.begin()).out);
    return vector;
}

// It is its own opposite.
void hide_ascend_secret(std::span<std::uint8_t> octets, const Authenticator& request, std::string_view secret,
                        Digests& digests) {
    const auto mask = digests.md5({request, as_bytes(secret)});
    for (std::size_t i = 0; i < octets.size() && i < mask.size(); ++i)
        octets[i] ^= mask[i];
}

OctetString without_padding(std::span<const std::uint8_t> octets) {
    while (!octets.empty() && octets.back() == 0)
        octets = octets.first(octets.size() - 1);
    return {octets.begin(), octets.end()};
}

std::optional<OctetString> reveal_tunnel_password(Bytes hidden, const Authenticator& request,
                                                  std::string_view secret, Digests& digests) {
    if (hidden.size() <= salt_octets || (hidden.size() - salt_octets) % block_octets != 0)
        return std::nullopt;
    OctetString text(hidden.begin() + salt_octets, hidden.end());
    unhide(text, salted(request, hidden.first(salt_octets)), secret, digests);
    const std::size_t length = text.front();
    if (length + length_octets > text.size()) return std::nullopt;
    const auto plain = Bytes(text).subspan(length_octets, length);
    return OctetString(plain.begin(), plain.end());
}

}  // namespace

std::optional<OctetString> lay_out(Encryption encryption, Bytes plain) {
    OctetString octets;
    switch (encryption) {
        case Encryption::none:
            octets.assign(plain.begin(), plain.end());
            break;
        case Encryption::user_password:
            if (plain.size() > user_password_octets_max) return std::nullopt;
            octets.assign(plain.begin(), plain.end());
            octets.resize(std::max(rounded_up(plain.size()), block_octets));
            break;
        case Encryption::tunnel_password:
            if (plain.size() > tunnel_password_octets_max) return std::nullopt;
            octets.resize(salt_octets);
            octets.push_back(static_cast<std::uint8_t>(plain.size()));
            octets.insert(octets.end(), plain.begin(), plain.end());
            octets.resize(salt_octets + rounded_up(length_octets + plain.size()));
            break;
        case Encryption::ascend_secret:
            if (plain.size() > block_octets) return std::nullopt;
            octets.assign(plain.begin(), plain.end());
            octets.resize(block_octets);
            break;
    }
    return octets;
}

void Sealer::seal(EncodedAttribute& attribute) {
    for (const auto& [encryption, offset, size] : attribute.hidden) {
        const auto octets = std::span(attribute.value).subspan(offset, size);
        switch (encryption) {
            case Encryption::none:
                break;
            case Encryption::user_password:
                hide(octets, request_, secret_, digests_);
                break;
            case Encryption::tunnel_password:
                hide_tunnel_password(octets);
                break;
            case Encryption::ascend_secret:
                hide_ascend_secret(octets, request_, secret_, digests_);
                break;
        }
    }
    attribute.hidden.clear();
}

void Sealer::hide_tunnel_password(std::span<std::uint8_t> octets) {
    const auto salt = static_cast<std::uint16_t>(salt_++ | salt_mark);
    octets[0] = static_cast<std::uint8_t>(salt >> 8);
    octets[1] = static_cast<std::uint8_t>(salt);
    hide(octets.subspan(salt_octets), salted(request_, octets.first(salt_octets)), secret_, digests_);
}

std::optional<OctetString> reveal(Encryption encryption, Bytes hidden, const Authenticator& request,
                                  std::string_view secret, Digests& digests) {
    OctetString text(hidden.begin(), hidden.end());
    switch (encryption) {
        case Encryption::none:
            return text;
        case Encryption::user_password:
            if (hidden.empty() || hidden.size() % block_octets != 0) return std::nullopt;
            unhide(text, request, secret, digests);
            return without_padding(text);
        case Encryption::tunnel_password:
            return reveal_tunnel_password(hidden, request, secret, digests);
        case Encryption::ascend_secret:
            if (hidden.size() != block_octets) return std::nullopt;
            hide_ascend_secret(text, request, secret, digests);
            return without_padding(text);
    }
    return std::nullopt;
}

}  // namespace hourglass::radius

// What proves that a packet comes from someone who knows the shared secret: Request Authenticator of
// accounting (RFC 2866 section 3), Response Authenticator (RFC 2865 section 3), Message-Authenticator
// (RFC 3579 section 3.2); and the hiding of User-Password (RFC 2865 section 5.2).
#pragma once

#include "radius/digests.hpp"
#include "radius/packet.hpp"
#include "radius/shared_secret.hpp"
#include "store/secret.hpp"

namespace hourglass::radius {

inline constexpr std::size_t message_authenticator_octets = 16;

// The Request Authenticator of an Accounting-, Disconnect- or CoA-Request.
bool has_request_authenticator(const Packet& request, std::string_view secret, Digests& digests);

// Of a reply to the request whose Request Authenticator is given.
bool has_response_authenticator(const Packet& reply, const Authenticator& request, std::string_view secret,
                                Digests& digests);

enum class MessageAuthenticator : std::uint8_t { absent, valid, invalid };

// More than one, or one of a wrong length, is invalid.
MessageAuthenticator check_message_authenticator(const Packet& request, const SharedSecret& secret);
MessageAuthenticator check_message_authenticator(const Packet& reply, const Authenticator& request,
                                                 const SharedSecret& secret);

inline constexpr std::size_t hidden_password_octets_max = 128;

// A password with zeros behind it up to the longest there may be, so that comparing two of them does not tell
// where they end. Wiped when its owner lets go of it; in no memory of its own.
class PaddedPassword {
public:
    PaddedPassword() = default;
    PaddedPassword(const PaddedPassword&) = delete;
    PaddedPassword& operator=(const PaddedPassword&) = delete;
    ~PaddedPassword() { OPENSSL_cleanse(octets_.data(), octets_.size()); }

    // False if it is too long.
    bool assign(Bytes password);
    std::span<std::uint8_t> first(std::size_t count) { return std::span(octets_).first(count); }
    std::string_view without_padding() const;

    bool operator==(const PaddedPassword& other) const { return is_equal_secret(octets_, other.octets_); }

private:
    std::array<std::uint8_t, hidden_password_octets_max> octets_{};
};

// False if the length is none that hiding makes.
bool reveal_password(PaddedPassword& password, Bytes hidden, const Authenticator& request,
                     std::string_view secret, Digests& digests);
// The same as a text without its padding.
std::optional<store::Secret> reveal_password(Bytes hidden, const Authenticator& request,
                                             std::string_view secret, Digests& digests);

// Encrypts in place, `vector` being the Request Authenticator, or that and a salt (RFC 2548 section 2.4.2).
// The size of `text` must be a multiple of 16.
void hide(std::span<std::uint8_t> text, Bytes vector, std::string_view secret, Digests& digests);
void unhide(std::span<std::uint8_t> text, Bytes vector, std::string_view secret, Digests& digests);

}  // namespace hourglass::radius

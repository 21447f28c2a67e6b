// Attributes whose values are hidden under the shared secret and the Request Authenticator: laid out when
// they are encoded, hidden in place for each packet.
#pragma once

#include "radius/attribute_codec.hpp"
#include "radius/digests.hpp"

namespace hourglass::radius {

// The octets that `plain` takes in a packet, still readable, with room for the salt. nullopt: it is too long.
std::optional<OctetString> lay_out(Encryption encryption, Bytes plain);

// Hides the values of one packet.
class Sealer {
public:
    // `salt` is random; every value gets one of its own (RFC 2868 section 3.5). All must outlive the sealer.
    Sealer(const Authenticator& request, std::string_view secret, std::uint16_t salt, Digests& digests)
        : request_(request), secret_(secret), salt_(salt), digests_(digests) {}

    void seal(EncodedAttribute& attribute);

private:
    void hide_tunnel_password(std::span<std::uint8_t> octets);

    const Authenticator& request_;
    std::string_view secret_;
    std::uint16_t salt_;
    Digests& digests_;
};

// What was hidden. nullopt: nobody with this secret has hidden that.
std::optional<OctetString> reveal(Encryption encryption, Bytes hidden, const Authenticator& request,
                                  std::string_view secret, Digests& digests);

}  // namespace hourglass::radius

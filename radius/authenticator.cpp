#include "radius/authenticator.hpp"

#include <boost/assert.hpp>

namespace hourglass::radius {
namespace {

constexpr std::size_t hiding_block_octets = 16;
constexpr Authenticator zeros{};

// MD5 over the packet with `authenticator` in its place, and the secret at the end.
Md5Digest packet_digest(const Packet& packet, Bytes authenticator, std::string_view secret,
                        Digests& digests) {
    const auto bytes = packet.bytes();
    return digests.md5({bytes.first(4), authenticator, bytes.subspan(packet_octets_min), as_bytes(secret)});
}

MessageAuthenticator check(const Packet& packet, Bytes authenticator, const SharedSecret& secret) {
    std::optional<Bytes> found;
    for (const auto attribute : packet.attributes()) {
        if (attribute.type != attr::message_authenticator.type) continue;
        if (found || attribute.value.size() != message_authenticator_octets)
            return MessageAuthenticator::invalid;
        found = attribute.value;
    }
    if (!found) return MessageAuthenticator::absent;

    const auto bytes = packet.bytes();
    const auto position = static_cast<std::size_t>(found->data() - bytes.data());
    const auto expected = secret.hmac_md5({bytes.first(4), authenticator,
                                           bytes.subspan(packet_octets_min, position - packet_octets_min),
                                           zeros, bytes.subspan(position + message_authenticator_octets)});
    return is_equal_secret(*found, expected) ? MessageAuthenticator::valid : MessageAuthenticator::invalid;
}

// Requests whose Request Authenticator is a digest of the packet have zeros in its place while it is made.
bool has_digest_as_authenticator(Code code) {
    return code == Code::accounting_request || code == Code::disconnect_request || code == Code::coa_request;
}

}  // namespace

bool has_request_authenticator(const Packet& request, std::string_view secret, Digests& digests) {
    return is_equal_secret(request.authenticator(), packet_digest(request, zeros, secret, digests));
}

bool has_response_authenticator(const Packet& reply, const Authenticator& request, std::string_view secret,
                                Digests& digests) {
    return is_equal_secret(reply.authenticator(), packet_digest(reply, request, secret, digests));
}

MessageAuthenticator check_message_authenticator(const Packet& request, const SharedSecret& secret) {
    return check(request, has_digest_as_authenticator(request.code()) ? zeros : request.authenticator(),
                 secret);
}

MessageAuthenticator check_message_authenticator(const Packet& reply, const Authenticator& request,
                                                 const SharedSecret& secret) {
    return check(reply, request, secret);
}

bool PaddedPassword::assign(Bytes password) {
    if (password.size() > octets_.size()) return false;
    std::ranges::copy(password, octets_.begin());
    return true;
}

std::string_view PaddedPassword::without_padding() const {
    const auto text = as_text(octets_);
    return text.substr(0, text.find_last_not_of('\0') + 1);
}

bool reveal_password(PaddedPassword& password, Bytes hidden, const Authenticator& request,
                     std::string_view secret, Digests& digests) {
    if (hidden.empty() || hidden.size() % hiding_block_octets != 0 || !password.assign(hidden)) return false;
    unhide(password.first(hidden.size()), request, secret, digests);
    return true;
}

std::optional<store::Secret> reveal_password(Bytes hidden, const Authenticator& request,
                                             std::string_view secret, Digests& digests) {
    PaddedPassword password;
    if (!reveal_password(password, hidden, request, secret, digests)) return std::nullopt;
    return store::Secret(password.without_padding());
}

void unhide(std::span<std::uint8_t> text, Bytes vector, std::string_view secret, Digests& digests) {
    BOOST_ASSERT(text.size() % hiding_block_octets == 0);
    std::array<std::uint8_t, hiding_block_octets> hidden{};
    Bytes previous = vector;
    for (; !text.empty(); text = text.subspan(hiding_block_octets)) {
        const auto mask = digests.md5({as_bytes(secret), previous});
        std::ranges::copy(text.first(hiding_block_octets), hidden.begin());
        for (std::size_t i = 0; i < hiding_block_octets; ++i)
            text[i] ^= mask[i];
        previous = hidden;
    }
}

void hide(std::span<std::uint8_t> text, Bytes vector, std::string_view secret, Digests& digests) {
    BOOST_ASSERT(text.size() % hiding_block_octets == 0);
    Bytes previous = vector;
    for (std::size_t block = 0; block < text.size(); block += hiding_block_octets) {
        const auto mask = digests.md5({as_bytes(secret), previous});
        for (std::size_t i = 0; i < hiding_block_octets; ++i)
            text[block + i] ^= mask[i];
        previous = text.subspan(block, hiding_block_octets);
    }
}

}  // namespace hourglass::radius

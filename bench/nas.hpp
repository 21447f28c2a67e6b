// The NAS's side of RADIUS: makes requests and checks answers (RFC 2865, 2866, 3579, 5997). It shares no code
// with the daemon, so that it can be the other side of a measurement or of a test.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::nas {

using Octets = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;
using Authenticator = std::array<std::uint8_t, 16>;

inline constexpr std::size_t header_octets = 20;
inline constexpr std::size_t packet_octets_max = 4096;

enum class Code : std::uint8_t {
    access_request = 1,
    access_accept = 2,
    access_reject = 3,
    accounting_request = 4,
    accounting_response = 5,
    status_server = 12,
};

enum class Attribute : std::uint8_t {
    user_name = 1,
    user_password = 2,
    nas_ip_address = 4,
    session_timeout = 27,
    nas_identifier = 32,
    proxy_state = 33,
    acct_status_type = 40,
    acct_session_id = 44,
    acct_session_time = 46,
    message_authenticator = 80,
};

enum class AcctStatus : std::uint32_t { start = 1, stop = 2, interim_update = 3 };

// A shared secret, and the digests that it goes into.
class Secret {
public:
    explicit Secret(std::string text);

    Authenticator md5(std::initializer_list<View> parts) const;
    Authenticator hmac_md5(std::initializer_list<View> parts) const;  // RFC 2104, keyed by the secret
    View octets() const;

private:
    std::string text_;
    std::array<std::uint8_t, 64> inner_pad_{};
    std::array<std::uint8_t, 64> outer_pad_{};
    std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm_;
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

// One request in the making. Access-Request and Status-Server begin with a Message-Authenticator.
class Request {
public:
    // `authenticator` is that of an Access-Request or Status-Server; an Accounting-Request's is computed.
    Request(Code code, std::uint8_t identifier, const Authenticator& authenticator);

    Request& add(Attribute type, View value);
    Request& add(Attribute type, std::string_view text);
    Request& add(Attribute type, std::uint32_t number);
    // User-Password, hidden (RFC 2865 section 5.2); at most 128 octets.
    Request& add_password(std::string_view password, const Secret& secret);
    Octets sign(const Secret& secret);

private:
    Octets packet_;
};

inline std::uint8_t code_of(View packet) {
    return packet[0];
}
inline std::uint8_t identifier_of(View packet) {
    return packet[1];
}

// The value of the first attribute of this type; empty if there is none.
View find(View packet, Attribute type);

// May a server believe the request in this datagram? By the Request Authenticator of accounting, otherwise by
// the Message-Authenticator, without which nothing is believed.
bool is_authentic(View datagram, const Secret& secret);

// Does `response` answer `request`? Its Response Authenticator must fit, and its Message-Authenticator if it
// has one.
bool answers(View response, View request, const Secret& secret);

}  // namespace hourglass::nas

// The NAS's side of RADIUS: makes requests and checks answers (RFC 2865, 2866, 3579, 5997), and answers what
// a server asks of it (RFC 5176). It shares no code with the daemon, so that it can be the other side of a
// measurement or of a test.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
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
    disconnect_request = 40,
    disconnect_ack = 41,
    disconnect_nak = 42,
    coa_request = 43,
    coa_ack = 44,
    coa_nak = 45,
};

enum class Attribute : std::uint8_t {
    user_name = 1,
    user_password = 2,
    chap_password = 3,
    nas_ip_address = 4,
    nas_port = 5,
    service_type = 6,
    framed_protocol = 7,
    framed_ip_address = 8,
    klass = 25,
    vendor_specific = 26,
    session_timeout = 27,
    called_station_id = 30,
    calling_station_id = 31,
    nas_identifier = 32,
    proxy_state = 33,
    acct_status_type = 40,
    acct_delay_time = 41,
    acct_input_octets = 42,
    acct_output_octets = 43,
    acct_session_id = 44,
    acct_authentic = 45,
    acct_session_time = 46,
    acct_input_packets = 47,
    acct_output_packets = 48,
    acct_terminate_cause = 49,
    event_timestamp = 55,
    nas_port_type = 61,
    message_authenticator = 80,
    acct_interim_interval = 85,
    error_cause = 101,
};

enum class AcctStatus : std::uint32_t { start = 1, stop = 2, interim_update = 3, accounting_on = 7 };

enum class TerminateCause : std::uint32_t { user_request = 1, session_timeout = 5, admin_reset = 6 };

// RFC 5176 section 3.5.
enum class ErrorCause : std::uint32_t {
    missing_attribute = 402,
    administratively_prohibited = 501,
    session_context_not_found = 503,
};

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
    // CHAP-Password (RFC 2865 section 5.3), with the Request Authenticator as its challenge.
    Request& add_chap_password(std::string_view password, const Secret& secret);
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
std::string find_text(View packet, Attribute type);
std::optional<std::uint32_t> find_number(View packet, Attribute type);

// May the request in this datagram be believed? Accounting by its Request Authenticator; Disconnect- and
// CoA-Requests likewise, and by their Message-Authenticator if there is one (RFC 5176); others by
// the Message-Authenticator, without which they are not.
bool is_authentic(View datagram, const Secret& secret);

// Does `response` answer `request`? Its Response Authenticator must fit, and its Message-Authenticator if it
// has one.
bool answers(View response, View request, const Secret& secret);

// The answer to a Disconnect- or CoA-Request: an ACK, or a NAK that says why.
Octets answer_to(View request, std::optional<ErrorCause> refusal, const Secret& secret);

}  // namespace hourglass::nas

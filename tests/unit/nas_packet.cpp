// The load generator and the integration tests judge the daemon by nas/packet: so that is held to the RFCs
// here.
#include "nas/packet.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::nas;

namespace {

// RFC 5997 section 6.1, secret "xyzzy5461".
const Octets status_server{0x0c, 0xda, 0x00, 0x26, 0x8a, 0x54, 0xf4, 0x68, 0x6f, 0xb3, 0x94, 0xc5, 0x28,
                           0x66, 0xe3, 0x02, 0x18, 0x5d, 0x06, 0x23, 0x50, 0x12, 0x5a, 0x66, 0x5e, 0x2e,
                           0x1e, 0x84, 0x11, 0xf3, 0xe2, 0x43, 0x82, 0x20, 0x97, 0xc8, 0x4f, 0xa3};
const Octets status_answer{0x02, 0xda, 0x00, 0x14, 0xef, 0x0d, 0x55, 0x2a, 0x4b, 0xf2,
                           0xd6, 0x93, 0xec, 0x2b, 0x6f, 0xe8, 0xb5, 0x41, 0x1d, 0x66};

// RFC 2865 section 7.1: Nemo logs in with the password "arctangent".
constexpr Authenticator nemos_authenticator{0x0f, 0x40, 0x3f, 0x94, 0x73, 0x97, 0x80, 0x57,
                                            0xbd, 0x83, 0xd5, 0xcb, 0x98, 0xf4, 0x22, 0x7a};
const Octets nemos_hidden_password{0x0d, 0xbe, 0x70, 0x8d, 0x93, 0xd4, 0x13, 0xce,
                                   0x31, 0x96, 0xe4, 0x3f, 0x78, 0x2a, 0x0a, 0xee};

Octets flipped(Octets packet, std::size_t at) {
    packet[at] ^= 1;
    return packet;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nas_packet)

BOOST_AUTO_TEST_CASE(the_status_server_of_rfc_5997_is_made_and_its_answer_believed) {
    const Secret secret("xyzzy5461");
    Authenticator authenticator{};
    std::copy_n(status_server.begin() + 4, authenticator.size(), authenticator.begin());
    BOOST_TEST(Request(Code::status_server, 0xda, authenticator).sign(secret) == status_server,
               boost::test_tools::per_element());
    BOOST_TEST(is_authentic(status_server, secret));
    BOOST_TEST(answers(status_answer, status_server, secret));
}

BOOST_AUTO_TEST_CASE(one_changed_bit_anywhere_is_noticed) {
    const Secret secret("xyzzy5461");
    for (std::size_t at = 0; at < status_server.size(); ++at) {
        BOOST_TEST(!is_authentic(flipped(status_server, at), secret));
    }
    for (std::size_t at = 0; at < status_answer.size(); ++at) {
        BOOST_TEST(!answers(flipped(status_answer, at), status_server, secret));
    }
}

BOOST_AUTO_TEST_CASE(padding_behind_the_packet_changes_nothing) {
    auto padded = status_server;
    padded.push_back(7);
    BOOST_TEST(is_authentic(padded, Secret("xyzzy5461")));
}

BOOST_AUTO_TEST_CASE(the_password_of_rfc_2865_is_hidden_alike) {
    const Secret secret("xyzzy5461");
    const auto packet =
        Request(Code::access_request, 0, nemos_authenticator).add_password("arctangent", secret).sign(secret);
    const auto hidden = find(packet, Attribute::user_password);
    BOOST_TEST(Octets(hidden.begin(), hidden.end()) == nemos_hidden_password,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(accounting_is_authentic_by_its_request_authenticator) {
    const Secret secret("testing123");
    const auto packet = Request(Code::accounting_request, 7, {})
                            .add(Attribute::user_name, "bob")
                            .add(Attribute::acct_session_time, 600)
                            .sign(secret);
    BOOST_TEST(is_authentic(packet, secret));
    BOOST_TEST(!is_authentic(packet, Secret("testing124")));
    BOOST_TEST(!is_authentic(flipped(packet, packet.size() - 1), secret));
}

BOOST_AUTO_TEST_CASE(a_chap_password_is_the_digest_of_rfc_2865) {
    // Section 7.2: flopsy, CHAP identifier 22, password "arctangent", the Request Authenticator as challenge.
    constexpr Authenticator challenge{0x2a, 0xee, 0x86, 0xf0, 0x8d, 0x0d, 0x55, 0x96,
                                      0x9c, 0xa5, 0x97, 0x8e, 0x0d, 0x33, 0x67, 0xa2};
    const Octets response{0x16, 0xe9, 0x75, 0x57, 0xc3, 0x16, 0x18, 0x58, 0x95,
                          0xf2, 0x93, 0xff, 0x63, 0x44, 0x07, 0x72, 0x75};
    const Secret secret("xyzzy5461");
    const auto packet =
        Request(Code::access_request, 22, challenge).add_chap_password("arctangent", secret).sign(secret);
    const auto value = find(packet, Attribute::chap_password);
    BOOST_TEST(Octets(value.begin(), value.end()) == response, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_disconnect_request_is_believed_by_its_digest_and_answered) {
    const Secret secret("testing123");
    const auto request = Request(Code::disconnect_request, 9, {})
                             .add(Attribute::acct_session_id, std::string_view("s1"))
                             .sign(secret);
    BOOST_TEST(!is_authentic(request, Secret("testing124")));
    BOOST_TEST(!is_authentic(flipped(request, request.size() - 1), secret));

    const auto ack = answer_to(request, {}, secret);
    BOOST_TEST(code_of(ack) == static_cast<std::uint8_t>(Code::disconnect_ack));
    BOOST_TEST(answers(ack, request, secret));
    const auto nak = answer_to(request, ErrorCause::session_context_not_found, secret);
    BOOST_TEST(code_of(nak) == static_cast<std::uint8_t>(Code::disconnect_nak));
    BOOST_TEST(find_number(nak, Attribute::error_cause).value_or(0) == 503U);
    BOOST_TEST(answers(nak, request, secret));
}

BOOST_AUTO_TEST_SUITE_END()

// PAP, CHAP, MS-CHAP in both versions: right, wrong, absent, doubled and malformed; and what answers carry.
#include "radius/credential.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using test::attribute;
using test::from_hex;
using test::packet;

constexpr std::string_view secret = "testing123";

// `packet()` has this Request Authenticator.
const auto request_authenticator = test::array_from_hex<16>("000102030405060708090a0b0c0d0e0f");

const auto ms_challenge = from_hex("5B5D7C7D7B3F2F3E3C2C602132262628");
const auto peer_challenge = from_hex("21402324255E262A28295F2B3A337C7E");

test::Octets joined(std::initializer_list<test::Octets> parts) {
    test::Octets octets;
    for (const auto& part : parts)
        octets.insert(octets.end(), part.begin(), part.end());
    return octets;
}

test::Octets pap(std::string_view password, Digests& digests) {
    test::Octets hidden(16);
    std::ranges::copy(password, hidden.begin());
    hide(hidden, request_authenticator, secret, digests);
    return attribute(attr::user_password, hidden);
}

test::Octets chap(std::string_view password, Bytes challenge, Digests& digests) {
    const auto digest = digests.md5({from_hex("07"), as_bytes(password), challenge});
    return attribute(attr::chap_password, joined({
                                              {7},
                                              {digest.begin(), digest.end()}
    }));
}

test::Octets ms_chap1(std::string_view password, Digests& digests) {
    const auto response = challenge_response(test::array_from_hex<8>("102DB5DF085D3041"),
                                             nt_password_hash(password, digests), digests);
    return joined({
        attribute(attr::ms_chap_challenge, from_hex("102DB5DF085D3041")),
        attribute(attr::ms_chap_response,
                  joined({{9, 1}, test::Octets(24), {response.begin(), response.end()}}
                  ))
    });
}

test::Octets ms_chap2(std::string_view username, std::string_view password, Digests& digests) {
    const auto challenge = challenge_hash(peer_challenge, ms_challenge, username, digests);
    const auto response = challenge_response(challenge, nt_password_hash(password, digests), digests);
    return joined({
        attribute(attr::ms_chap_challenge, ms_challenge),
        attribute(attr::ms_chap2_response,
                  joined({{9, 0}, peer_challenge, test::Octets(8), {response.begin(), response.end()}}
                  ))
    });
}

bool is_right(const test::Octets& octets, std::string_view password, Digests& digests) {
    const auto request = decode(octets).value();
    return check(std::get<Credential>(find_credential(request)), request, password, secret, digests).is_right;
}

RejectReason refusal(const test::Octets& octets) {
    return std::get<RejectReason>(find_credential(decode(octets).value()));
}

// The key inside MS-MPPE-Send-Key or -Recv-Key, as a NAS opens it (RFC 2548 section 2.4.2).
test::Octets opened_key(const Packet& reply, VendorAttribute<Octets> which, Digests& digests) {
    const auto value = reply.find(which).value();
    BOOST_TEST(value.size() == 34U);
    BOOST_TEST((value[0] & 0x80) == 0x80);
    const auto hidden = value.subspan(2);
    test::Octets text;
    auto previous = joined({
        {request_authenticator.begin(), request_authenticator.end()},
        {value[0],                      value[1]                   }
    });
    for (std::size_t block = 0; block < hidden.size(); block += 16) {
        const auto mask = digests.md5({as_bytes(secret), previous});
        const auto cipher = hidden.subspan(block, 16);
        for (std::size_t i = 0; i < 16; ++i)
            text.push_back(static_cast<std::uint8_t>(cipher[i] ^ mask[i]));
        previous.assign(cipher.begin(), cipher.end());
    }
    BOOST_TEST(text[0] == 16);
    return {text.begin() + 1, text.begin() + 17};
}

BOOST_AUTO_TEST_SUITE(radius_credential)

BOOST_AUTO_TEST_CASE(each_method_lets_the_right_password_in_and_no_other) {
    Digests digests;
    const auto user = attribute(attr::user_name, "User");
    const auto challenge = from_hex("c0ffee");
    const auto with = [&](const test::Octets& credential) {
        return packet(Code::access_request, {user, credential});
    };
    const auto logins = std::to_array<std::pair<const char*, test::Octets>>({
        {"PAP", with(pap("hello", digests))},
        {"CHAP, Request Authenticator as challenge", with(chap("hello", request_authenticator, digests))},
        {"CHAP with CHAP-Challenge",
         packet(Code::access_request,
         {user, chap("hello", challenge, digests), attribute(attr::chap_challenge, challenge)})},
        {"MS-CHAPv1", with(ms_chap1("hello", digests))},
        {"MS-CHAPv2", with(ms_chap2("User", "hello", digests))},
    });
    for (const auto& [name, octets] : logins)
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(is_right(octets, "hello", digests));
            BOOST_TEST(!is_right(octets, "Hello", digests));
            BOOST_TEST(!is_right(octets, "hello ", digests));
            BOOST_TEST(!is_right(octets, "", digests));
        }
}

BOOST_AUTO_TEST_CASE(an_empty_password_opens_nothing) {
    Digests digests;
    BOOST_TEST(!is_right(packet(Code::access_request, {pap("", digests)}), "", digests));
    BOOST_TEST(
        !is_right(packet(Code::access_request, {chap("", request_authenticator, digests)}), "", digests));
    BOOST_TEST(!is_right(packet(Code::access_request, {ms_chap1("", digests)}), "", digests));
}

BOOST_AUTO_TEST_CASE(exactly_one_credential_is_allowed) {
    Digests digests;
    const auto one = pap("hello", digests);
    const auto other = chap("hello", request_authenticator, digests);
    BOOST_TEST((refusal(packet(Code::access_request, {})) == RejectReason::no_credential));
    BOOST_TEST((refusal(packet(Code::access_request, {attribute(attr::state, from_hex("01"))})) ==
                RejectReason::no_credential));
    BOOST_TEST((refusal(packet(Code::access_request, {one, other})) == RejectReason::several_credentials));
    BOOST_TEST((refusal(packet(Code::access_request, {ms_chap1("hello", digests), one})) ==
                RejectReason::several_credentials));
}

BOOST_AUTO_TEST_CASE(credentials_of_a_wrong_length_are_malformed) {
    for (const std::size_t size : {0U, 16U, 18U})
        BOOST_TEST(
            (refusal(packet(Code::access_request, {attribute(attr::chap_password, test::Octets(size))})) ==
             RejectReason::malformed_credential));
    for (const std::size_t size : {0U, 49U, 51U}) {
        const auto response = attribute(attr::ms_chap2_response, test::Octets(size));
        BOOST_TEST((refusal(packet(Code::access_request,
                                   {attribute(attr::ms_chap_challenge, test::Octets(16)), response})) ==
                    RejectReason::malformed_credential));
    }
    for (const std::size_t size : {0U, 8U, 15U, 17U}) {
        const auto challenge = attribute(attr::ms_chap_challenge, test::Octets(size));
        BOOST_TEST((refusal(packet(Code::access_request,
                                   {challenge, attribute(attr::ms_chap2_response, test::Octets(50))})) ==
                    RejectReason::malformed_credential));
    }
}

BOOST_AUTO_TEST_CASE(an_accept_of_ms_chap_2_proves_the_server_and_carries_the_keys) {
    Digests digests;
    const auto octets = packet(Code::access_request, {attribute(attr::user_name, "BIGCO\\User"),
                                                      ms_chap2("User", "clientPass", digests)});
    const auto request = decode(octets).value();
    const auto verdict =
        check(std::get<Credential>(find_credential(request)), request, "clientPass", secret, digests);
    BOOST_REQUIRE(verdict.is_right);

    PacketWriter accept(Code::access_accept, request.identifier());
    add_success(accept, verdict, request, Nonces{.salt = 0x1234}, secret, digests);
    const auto bytes = accept.sign(request.authenticator(), secret).value();
    const auto reply = decode(bytes).value();

    const auto success = reply.find(attr::ms_chap2_success).value();
    BOOST_TEST(success[0] == 9);
    BOOST_TEST(as_text(success.subspan(1)) == "S=407A5589115FD0D6209F510FE9C04566932CDA56");
    const auto send = opened_key(reply, attr::ms_mppe_send_key, digests);
    BOOST_TEST(send == from_hex("8B7CDC149B993A1BA118CB153F56DCCB"), boost::test_tools::per_element());
    const auto receive = opened_key(reply, attr::ms_mppe_recv_key, digests);
    BOOST_TEST((receive != send));
    BOOST_TEST(!std::ranges::equal(reply.find(attr::ms_mppe_send_key)->first(2),
                                   reply.find(attr::ms_mppe_recv_key)->first(2)));
}

BOOST_AUTO_TEST_CASE(an_accept_of_ms_chap_1_carries_the_nt_key) {
    Digests digests;
    const auto octets = packet(Code::access_request, {ms_chap1("clientPass", digests)});
    const auto request = decode(octets).value();
    const auto verdict =
        check(std::get<Credential>(find_credential(request)), request, "clientPass", secret, digests);
    PacketWriter accept(Code::access_accept, request.identifier());
    add_success(accept, verdict, request, {}, secret, digests);
    const auto bytes = accept.sign(request.authenticator(), secret).value();
    const auto keys = decode(bytes).value().find(attr::ms_chap_mppe_keys).value();

    // Hidden as User-Password is; its padding is zero, like a password's.
    const auto text = reveal_password(keys, request.authenticator(), secret, digests).value();
    BOOST_TEST((as_bytes(text).size() == 24U));
    BOOST_TEST(std::ranges::equal(as_bytes(text).last(16), from_hex("41C00C584BD2D91C4017A2A12FA59F3F")));
}

BOOST_AUTO_TEST_CASE(a_reject_of_ms_chap_2_says_691_and_version_3) {
    Digests digests;
    PacketWriter reject(Code::access_reject, 1);
    add_failure(reject, MsChap2{9, {}, {}, {}}, Nonces{});
    const auto bytes = reject.sign({}, secret).value();
    const auto error = decode(bytes).value().find(attr::ms_chap_error).value();
    BOOST_TEST(error[0] == 9);
    BOOST_TEST(as_text(error.subspan(1)) == "E=691 R=0 C=00000000000000000000000000000000 V=3");
}

BOOST_AUTO_TEST_CASE(a_reject_of_eap_is_an_eap_failure_with_the_same_identifier) {
    Digests digests;
    const auto octets =
        packet(Code::access_request, {attribute(attr::eap_message, from_hex("0217000801626f62"))});
    const auto found = find_credential(decode(octets).value());
    PacketWriter reject(Code::access_reject, 1);
    add_failure(reject, std::get<Credential>(found), {});
    const auto bytes = reject.sign({}, secret).value();
    const auto failure = decode(bytes).value().find(attr::eap_message).value();
    BOOST_TEST(std::ranges::equal(failure, from_hex("04170004")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

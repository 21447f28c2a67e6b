// The exchanges printed in RFC 2865 section 7 and RFC 5997 section 6, and what a changed octet does to them.
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using test::attribute;
using test::from_hex;
using test::packet;

constexpr std::string_view rfc_secret = "xyzzy5461";

struct Exchange {
    const char* name;
    std::string_view request;
    std::string_view reply;
};

// The reply of RFC 5997 section 6.2 is printed with code 2; its authenticator is right for code 5.
constexpr std::array exchanges{
    Exchange{
             "RFC 2865 7.1: a PAP login",                              "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a8"
        "0110050600000003",                                                                                               "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103"},
    Exchange{
             "RFC 2865 7.2: a CHAP login",                             "010100472aee86f08d0d55969ca5978e0d3367a20108666c6f707379031316e97557c316185895f293ff634407727504"
        "06c0a80110050600000014060600000002070600000001",                                                                "0201003815efbc7dab26cfa3dc34d9c03c8601a40606000000020706000000010806fffffffe0a06000000020d060000"
        "00010c06000005dc"                                                                                                                    },
    Exchange{"RFC 5997 6.1: Status-Server to the authentication port",
             "0cda00268a54f4686fb394c52866e302185d062350125a665e2e1e8411f3e243822097c84fa3",                                                                       "02da0014ef0d552a4bf2d693ec2b6fe8b5411d66"                                    },
    Exchange{"RFC 5997 6.2: Status-Server to the accounting port",
             "0cb30026925f6b66dd5fed571fcb1db7ad3882605012e8d6eabda910875cd91fdade26367858",                                                                       "05b300140f6f92145f107e2f504e860a4860669c"                                    },
    Exchange{
             "RFC 5997 6.3: Status-Server with NAS-IP-Address",        "0c47002cbf58de56ae408ad3b70c8513f9b03fbe0406c00002105012852d6fec61e7ed74b8e32dac2f2a5fb2",
             "0247003446f43e62fd0354424cbbebfd6d214e06122052414449555320536572766572207570203220646179732c2031"
        "383a3430"                                                                                                                                                                                                                               },
};

BOOST_AUTO_TEST_SUITE(radius_authenticators)

BOOST_AUTO_TEST_CASE(the_replies_printed_in_the_rfcs_answer_their_requests) {
    Digests digests;
    for (const auto& exchange : exchanges)
        BOOST_TEST_CONTEXT(exchange.name) {
            const auto request_octets = from_hex(exchange.request);
            auto reply_octets = from_hex(exchange.reply);
            const auto request = decode(request_octets).value();
            BOOST_TEST(has_response_authenticator(decode(reply_octets).value(), request.authenticator(),
                                                  rfc_secret, digests));
            BOOST_TEST(!has_response_authenticator(decode(reply_octets).value(), request.authenticator(),
                                                   "another secret", digests));
            reply_octets[1] ^= 1;
            BOOST_TEST(!has_response_authenticator(decode(reply_octets).value(), request.authenticator(),
                                                   rfc_secret, digests));
        }
}

BOOST_AUTO_TEST_CASE(a_status_server_request_is_signed_and_any_changed_octet_breaks_it) {
    Digests digests;
    for (const auto& exchange : exchanges)
        BOOST_TEST_CONTEXT(exchange.name) {
            auto octets = from_hex(exchange.request);
            const auto request = decode(octets).value();
            if (request.code() != Code::status_server) continue;
            BOOST_TEST((check_message_authenticator(request, rfc_secret) == MessageAuthenticator::valid));
            for (const std::size_t position : {std::size_t{1}, std::size_t{4}, octets.size() - 1}) {
                octets[position] ^= 0x80;
                BOOST_TEST((check_message_authenticator(decode(octets).value(), rfc_secret) ==
                            MessageAuthenticator::invalid));
                octets[position] ^= 0x80;
            }
        }
}

BOOST_AUTO_TEST_CASE(two_message_authenticators_or_one_of_a_wrong_length_are_invalid) {
    Digests digests;
    const auto judge = [&](const test::Octets& octets) {
        return check_message_authenticator(decode(octets).value(), rfc_secret);
    };
    const auto none = packet(Code::access_request, {attribute(attr::user_name, "bob")});
    BOOST_TEST((judge(none) == MessageAuthenticator::absent));

    for (const std::size_t size : {0U, 15U, 17U}) {
        const auto octets =
            packet(Code::access_request, {attribute(attr::message_authenticator, test::Octets(size))});
        BOOST_TEST((judge(octets) == MessageAuthenticator::invalid));
    }

    // One of the two is right for the packet as it stands.
    const auto blank =
        packet(Code::access_request, {attribute(attr::message_authenticator, test::Octets(16)),
                                      attribute(attr::message_authenticator, test::Octets(16))});
    const auto right = SharedSecret(rfc_secret).hmac_md5({blank});
    for (const auto position : {22, 40}) {
        auto twice = blank;
        std::ranges::copy(right, twice.begin() + position);
        BOOST_TEST((judge(twice) == MessageAuthenticator::invalid));
    }
}

BOOST_AUTO_TEST_CASE(an_accounting_request_is_authentic_only_under_its_secret) {
    Digests digests;
    auto octets = packet(Code::accounting_request, {attribute(attr::acct_status_type, 1)});
    std::fill_n(octets.begin() + 4, 16, std::uint8_t{0});
    const auto authenticator = digests.md5({octets, as_bytes("testing123")});
    std::ranges::copy(authenticator, octets.begin() + 4);
    BOOST_TEST(has_request_authenticator(decode(octets).value(), "testing123", digests));
    BOOST_TEST(!has_request_authenticator(decode(octets).value(), "testing124", digests));
    octets.back() ^= 1;
    BOOST_TEST(!has_request_authenticator(decode(octets).value(), "testing123", digests));
}

BOOST_AUTO_TEST_CASE(the_password_of_rfc_2865_section_7_1_is_revealed) {
    Digests digests;
    const auto octets = from_hex(exchanges[0].request);
    const auto request = decode(octets).value();
    const auto hidden = request.find(attr::user_password).value();
    BOOST_TEST(
        (reveal_password(hidden, request.authenticator(), rfc_secret, digests).value() == "arctangent"));
}

BOOST_AUTO_TEST_CASE(passwords_of_every_length_up_to_128_survive_hiding) {
    Digests digests;
    const auto authenticator = test::array_from_hex<16>("0f403f9473978057bd83d5cb98f4227a");
    for (const std::size_t length : {0U, 1U, 15U, 16U, 17U, 31U, 32U, 127U, 128U}) {
        const std::string password(length, 'p');
        test::Octets hidden(std::max<std::size_t>(16, (length + 15) / 16 * 16));
        std::ranges::copy(password, hidden.begin());
        hide(hidden, authenticator, "secret", digests);
        BOOST_TEST((reveal_password(hidden, authenticator, "secret", digests).value() == password));
    }
}

BOOST_AUTO_TEST_CASE(a_hidden_password_of_a_length_that_hiding_never_makes_is_refused) {
    Digests digests;
    for (const std::size_t size : {0U, 1U, 15U, 17U, 127U, 129U, 144U})
        BOOST_TEST(!reveal_password(test::Octets(size), {}, "secret", digests));
}

// RFC 1321 and RFC 2202, test cases 1 and 6 (a key longer than a block).
BOOST_AUTO_TEST_CASE(digests_agree_with_their_rfcs) {
    Digests digests;
    const test::Octets short_key(16, 0x0b);
    const test::Octets long_key(80, 0xaa);
    const auto is = [](const auto& digest, std::string_view digits) {
        return std::ranges::equal(digest, from_hex(digits));
    };
    BOOST_TEST(is(digests.md5({as_bytes("a"), as_bytes("bc")}), "900150983cd24fb0d6963f7d28e17f72"));
    BOOST_TEST(is(digests.md4(as_bytes("abc")), "a448017aaf21d8525fc10ae87aa6729d"));
    BOOST_TEST(is(digests.sha1({as_bytes("abc")}), "a9993e364706816aba3e25717850c26c9cd0d89d"));
    BOOST_TEST(is(HmacKey<Md5>(short_key).sign({as_bytes("Hi There")}), "9294727a3638bb1c13f48ef8158bfc9d"));
    BOOST_TEST(
        is(HmacKey<Md5>(long_key).sign({as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")}),
           "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

// The worked examples of RFC 2759 section 9.2 and RFC 3079 section 3.5.3.
#include "radius/ms_chap.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using test::array_from_hex;
using test::from_hex;

constexpr std::string_view password = "clientPass";
const auto authenticator_challenge = from_hex("5B5D7C7D7B3F2F3E3C2C602132262628");
const auto peer_challenge = from_hex("21402324255E262A28295F2B3A337C7E");
const auto password_hash = array_from_hex<16>("44EBBA8D5312B8D611474411F56989AE");
const auto password_hash_hash = array_from_hex<16>("41C00C584BD2D91C4017A2A12FA59F3F");
const auto nt_response = from_hex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF");

BOOST_AUTO_TEST_SUITE(radius_ms_chap)

BOOST_AUTO_TEST_CASE(hashes_and_response_of_rfc_2759_come_out) {
    Digests digests;
    BOOST_TEST((nt_password_hash(password, digests) == password_hash));
    BOOST_TEST((digests.md4(password_hash) == password_hash_hash));
    const auto challenge = challenge_hash(peer_challenge, authenticator_challenge, "User", digests);
    BOOST_TEST((challenge == array_from_hex<8>("D02E4386BCE91226")));
    BOOST_TEST(std::ranges::equal(challenge_response(challenge, password_hash, digests), nt_response));
    BOOST_TEST(authenticator_response(password_hash_hash, nt_response, challenge, digests) ==
               "S=407A5589115FD0D6209F510FE9C04566932CDA56");
}

BOOST_AUTO_TEST_CASE(a_domain_before_the_user_name_does_not_count) {
    Digests digests;
    BOOST_TEST((challenge_hash(peer_challenge, authenticator_challenge, "BIGCO\\User", digests) ==
                challenge_hash(peer_challenge, authenticator_challenge, "User", digests)));
}

BOOST_AUTO_TEST_CASE(the_send_key_of_rfc_3079_comes_out) {
    Digests digests;
    const auto keys = mppe_keys(password_hash_hash, nt_response, digests);
    BOOST_TEST((keys.send == array_from_hex<16>("8B7CDC149B993A1BA118CB153F56DCCB")));
    BOOST_TEST((keys.receive != keys.send));
}

BOOST_AUTO_TEST_CASE(passwords_beyond_ascii_are_hashed_as_utf_16) {
    Digests digests;
    // U+00FC is one unit of two octets, U+1F511 a surrogate pair.
    BOOST_TEST((nt_password_hash("\xc3\xbc", digests) == digests.md4(from_hex("fc00"))));
    BOOST_TEST((nt_password_hash("\xf0\x9f\x94\x91", digests) == digests.md4(from_hex("3dd811dd"))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

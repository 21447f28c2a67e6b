// Values hidden under the shared secret, and revealed again.
#include "radius/attribute_cipher.hpp"
#include "radius/attribute_text.hpp"
#include "radius/dictionary_builtin.hpp"
#include "store/hex.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

constexpr std::string_view secret = "xyzzy5461";
const auto request = test::array_from_hex<16>("0f403f9473978057bd83d5cb98f4227a");

std::string as_string(const std::optional<OctetString>& octets) {
    return octets ? std::string(as_text(*octets)) : "none";
}

BOOST_AUTO_TEST_SUITE(radius_attribute_cipher)

BOOST_AUTO_TEST_CASE(the_user_password_of_rfc_2865_section_7_is_hidden_and_revealed) {
    Digests digests;
    auto parsed = parse_attribute("User-Password", "arctangent", *builtin_dictionary());
    const auto attribute = std::get<AttributeData>(std::move(parsed));
    auto encoded = encode_attributes({&attribute, 1}, *builtin_dictionary()).value();
    Sealer(request, secret, 0, digests).seal(encoded.at(0));
    BOOST_TEST(store::to_hex(encoded[0].value) == "0dbe708d93d413ce3196e43f782a0aee");
    BOOST_TEST(encoded[0].hidden.empty());
    BOOST_TEST(as_string(reveal(Encryption::user_password, encoded[0].value, request, secret, digests)) ==
               "arctangent");
}

BOOST_AUTO_TEST_CASE(what_is_sealed_is_revealed_by_the_same_secret_only) {
    Digests digests;
    using enum Encryption;
    for (const auto encryption : {user_password, tunnel_password, ascend_secret})
        for (const std::size_t size : {1U, 15U, 16U, 17U, 100U}) {
            const std::string plain(size, 'p');
            const auto laid_out = lay_out(encryption, as_bytes(plain));
            BOOST_REQUIRE((laid_out.has_value() || (encryption == ascend_secret && size > 16)));
            if (!laid_out) continue;
            EncodedAttribute attribute{
                .type = 69, .value = *laid_out, .hidden = {{encryption, 0, laid_out->size()}}};
            Sealer(request, secret, 7, digests).seal(attribute);
            BOOST_TEST(as_text(attribute.value).find("pp") == std::string_view::npos);
            BOOST_TEST(as_string(reveal(encryption, attribute.value, request, secret, digests)) == plain);
            BOOST_TEST(as_string(reveal(encryption, attribute.value, request, "other", digests)) != plain);
        }
}

BOOST_AUTO_TEST_CASE(no_two_values_of_a_packet_have_the_same_salt) {
    Digests digests;
    Sealer sealer(request, secret, 0xffff, digests);
    const auto laid_out = lay_out(Encryption::tunnel_password, as_bytes("same")).value();
    const auto seal = [&] {
        EncodedAttribute attribute{
            .type = 69, .value = laid_out, .hidden = {{Encryption::tunnel_password, 0, laid_out.size()}}};
        sealer.seal(attribute);
        return attribute.value;
    };
    const auto one = seal();
    const auto two = seal();
    BOOST_TEST(store::to_hex(Bytes(one).first(2)) == "ffff");
    BOOST_TEST(store::to_hex(Bytes(two).first(2)) == "8000");
    BOOST_TEST(as_text(one).substr(2) != as_text(two).substr(2));
}

BOOST_AUTO_TEST_CASE(what_nobody_can_have_hidden_is_not_revealed) {
    Digests digests;
    const OctetString octets(64);
    const auto is_revealed = [&](Encryption encryption, std::size_t size) {
        return reveal(encryption, Bytes(octets).first(size), request, secret, digests).has_value();
    };
    BOOST_TEST(!is_revealed(Encryption::user_password, 0));
    BOOST_TEST(!is_revealed(Encryption::user_password, 15));
    BOOST_TEST(!is_revealed(Encryption::tunnel_password, 2));
    BOOST_TEST(!is_revealed(Encryption::tunnel_password, 16));
    BOOST_TEST(!is_revealed(Encryption::ascend_secret, 17));
    BOOST_TEST(!lay_out(Encryption::user_password, OctetString(129)).has_value());
    BOOST_TEST(!lay_out(Encryption::tunnel_password, OctetString(240)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

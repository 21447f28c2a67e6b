// What of a packet is kept because nobody knows it.
#include "radius/unknown_attributes.hpp"
#include "tests/support/dictionary_of.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

std::string unknown_in(std::initializer_list<test::Octets> attributes) {
    const auto octets = test::packet(Code::accounting_request, attributes);
    return unknown_attributes(decode(octets).value(), *builtin_dictionary());
}

test::Octets vendor(std::string_view digits) {
    return test::attribute(attr::vendor_specific, test::from_hex(digits));
}

BOOST_AUTO_TEST_SUITE(radius_unknown_attributes)

BOOST_AUTO_TEST_CASE(what_the_dictionary_does_not_know_is_kept_as_octets) {
    BOOST_TEST(unknown_in({test::attribute(attr::user_name, "ann")}) == "");
    BOOST_TEST(unknown_in({test::attribute(attr::user_name, "ann"), vendor("0000270f070401ff"),
                           test::attribute(250, test::from_hex("00"))}) ==
               "Attr-26.9999.7 = 0x01ff, Attr-250 = 0x00");
    BOOST_TEST(unknown_in({vendor("000001370706"
                                  "00000001")}) == "");  // Microsoft's, and known
    BOOST_TEST(unknown_in({test::attribute(241, test::from_hex("6301"))}) == "Attr-241.99 = 0x01");
}

BOOST_AUTO_TEST_CASE(an_attribute_is_plain_if_its_last_definition_is_known_and_holds_no_others) {
    const auto dictionary = test::dictionary_of(
        "ATTRIBUTE Room 200 string\nATTRIBUTE Parts 201 tlv\n"
        "ATTRIBUTE Was-Plain 202 string\nATTRIBUTE Is-Tlv 202 tlv\n");
    for (std::uint32_t type = 0; type < 256; ++type) {
        const auto* const known = dictionary.find_child(dictionary.packet(), type);
        const bool is_plain = known != nullptr && !is_container(known->type);
        BOOST_TEST(dictionary.knows_plain(static_cast<std::uint8_t>(type)) == is_plain, "type " << type);
    }
    BOOST_TEST(dictionary.knows_plain(200));
    BOOST_TEST(!dictionary.knows_plain(201));
    BOOST_TEST(!dictionary.knows_plain(202));
    BOOST_TEST(!dictionary.knows_plain(203));
}

BOOST_AUTO_TEST_CASE(no_more_is_kept_than_a_session_has_room_for) {
    const auto large = test::attribute(250, test::Octets(200));
    const auto small = test::attribute(251, test::Octets(1));
    const auto text = unknown_in({large, large, small});
    BOOST_TEST(text.size() <= unknown_attributes_octets_max);
    BOOST_TEST(text.ends_with("00, Attr-251 = 0x00"));
    BOOST_TEST(text.find("Attr-250", 1) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

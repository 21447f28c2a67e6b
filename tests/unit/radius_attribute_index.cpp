// What is found by one walk is what Packet::find() finds.
#include "radius/attribute_index.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

BOOST_AUTO_TEST_SUITE(radius_attribute_index)

BOOST_AUTO_TEST_CASE(every_attribute_of_packets_that_nases_send_is_found_as_in_the_packet) {
    for (const auto& [name, octets] : test::nas_packets())
        BOOST_TEST_CONTEXT(name) {
            const auto packet = decode(octets).value();
            const AttributeIndex index(packet);
            for (int type = 0; type < 256; ++type) {
                const Attribute<Octets> attribute{static_cast<std::uint8_t>(type)};
                const auto expected = packet.find(attribute);
                const auto found = index.find(attribute);
                BOOST_TEST_REQUIRE(found.has_value() == expected.has_value(), "type " << type);
                if (!found) continue;
                BOOST_TEST(found->data() == expected->data());
                BOOST_TEST(found->size() == expected->size());
            }
        }
}

BOOST_AUTO_TEST_CASE(of_several_the_first_is_meant_and_of_an_empty_one_its_emptiness) {
    const auto octets =
        test::packet(Code::accounting_request,
                     {test::attribute(attr::user_name, ""), test::attribute(attr::user_name, "bob"),
                      test::attribute(attr::acct_session_time.type, test::Octets(3))});
    const auto packet = decode(octets).value();
    const AttributeIndex index(packet);
    BOOST_TEST(index.find(attr::user_name).value() == "");
    BOOST_TEST(!index.find(attr::acct_session_time).has_value());  // of a wrong length
    BOOST_TEST(!index.find(attr::acct_session_id).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

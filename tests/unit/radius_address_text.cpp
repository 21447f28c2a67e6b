// Addresses read as Asio writes them, which is how they have been kept.
#include "radius/address_text.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

BOOST_AUTO_TEST_SUITE(radius_address_text)

BOOST_AUTO_TEST_CASE(every_kind_of_address_is_written_as_it_always_was) {
    for (const auto* text : {"0.0.0.0", "255.255.255.255", "192.0.2.17", "10.0.100.9", "::", "::1",
                             "2001:db8::9", "::ffff:192.0.2.1", "fe80::1%1"}) {
        const auto address = boost::asio::ip::make_address(text);
        BOOST_TEST(std::string_view(AddressText(address)) == address.to_string());
    }
    BOOST_TEST(std::string_view(AddressText()) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

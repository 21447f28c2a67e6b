// The access point and the SSID in a Called-Station-Id.
#include "radius/called_station.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

BOOST_AUTO_TEST_SUITE(radius_called_station)

BOOST_AUTO_TEST_CASE(the_ssid_stands_behind_the_first_mac_address) {
    const MacAddress address{2, 0, 0, 0, 0, 0x0a};
    struct Row {
        std::string_view text;
        std::optional<std::string_view> ssid;
    };
    for (const auto& row : {
             Row{"02-00-00-00-00-0A:lobby",             "lobby"            },
             Row{"02:00:00:00:00:0a:lobby",             "lobby"            },
             Row{"02:00:00:00:00:0a:",                  ""                 },
             Row{"02:00:00:00:00:0a",                   ""                 },
             Row{"02000000000a:a:b",                    "a:b"              },
             Row{"02-00-00-00-00-0A:02:00:00:00:00:0b", "02:00:00:00:00:0b"},
             Row{"lobby",                               {}                 },
             Row{"lobby:02-00-00-00-00-0A",             {}                 },
             Row{":lobby",                              {}                 },
             Row{"",                                    {}                 },
    }) {
        const auto station = parse_station(row.text);
        BOOST_TEST_REQUIRE(station.has_value() == row.ssid.has_value(), row.text);
        if (station) BOOST_TEST((*station == Station{address, *row.ssid}), row.text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

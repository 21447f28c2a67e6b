// Attributes of a profile, each alone.
#include "radius/attribute_rules.hpp"
#include "radius/dictionary_builtin.hpp"
#include "store/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace hourglass::radius {
namespace {

// "27:00000e10" for short; empty: it is refused.
std::string encoded(const char* name, const char* value) {
    const auto parsed = parse_attribute(name, value, *builtin_dictionary());
    if (find_reply_mistake(name, parsed)) return {};
    const auto attributes =
        encode_attributes(std::array{std::get<AttributeData>(parsed)}, *builtin_dictionary()).value();
    std::string text;
    for (const auto& [type, octets, hidden] : attributes)
        text += (text.empty() ? "" : " ") + std::to_string(type) + ":" + store::to_hex(octets);
    return text;
}

BOOST_AUTO_TEST_SUITE(radius_attribute_rules)

BOOST_AUTO_TEST_CASE(a_value_is_encoded_by_its_type) {
    struct Row {
        const char* name;
        const char* value;
        const char* encoded;
    };
    for (const auto& row : std::to_array<Row>({
             {"Session-Timeout",       "3600",                      "27:00000e10"                         },
             {"Filter-Id",             "wall",                      "11:77616c6c"                         },
             {"NAS-Port-Type",         "Wireless-802.11",           "61:00000013"                         },
             {"Framed-IP-Address",     "192.0.2.1",                 "8:c0000201"                          },
             {"Framed-IPv6-Address",   "2001:db8::1",               "168:20010db8000000000000000000000001"},
             {"Event-Timestamp",       "1",                         "55:00000001"                         },
             {"Error-Cause",           "Session-Context-Not-Found", "101:000001f7"                        },
             {"Session-Timeout",       "-1",                        ""                                    },
             {"Session-Timeout",       "4294967296",                ""                                    },
             {"Framed-IP-Address",     "2001:db8::1",               ""                                    },
             {"NAS-Port-Type",         "wireless",                  ""                                    },
             {"Filter-Id",             "",                          ""                                    },
             {"Colour",                "red",                       ""                                    },
             {"Message-Authenticator", "0x00",                      ""                                    },
             {"MS-MPPE-Send-Key",      "0x00",                      ""                                    },
    })) {
        BOOST_TEST(encoded(row.name, row.value) == row.encoded, row.name << " " << row.value);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

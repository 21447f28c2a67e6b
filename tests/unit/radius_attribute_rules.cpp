// Lists of attributes, as profiles have them, encoded.
#include "radius/attribute_rules.hpp"
#include "radius/dictionary_builtin.hpp"
#include "store/hex.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using Rules = std::vector<store::AttributeRule>;

// "27:00000e10 11:..." for short.
std::string show(const EncodedRules& encoded) {
    std::string text;
    for (const auto& [type, value, hidden] : encoded.attributes)
        text += (text.empty() ? "" : " ") + std::to_string(type) + ":" + store::to_hex(value);
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
        const auto encoded = encode(
            Rules{
                {row.name, ":=", row.value}
        },
            *builtin_dictionary());
        BOOST_TEST(show(encoded) == row.encoded, row.name << " " << row.value);
        BOOST_TEST(encoded.left_out == (encoded.attributes.empty() ? 1U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(operators_say_how_several_of_one_attribute_go_together) {
    struct Row {
        const char* first;
        const char* second;
        const char* encoded;
    };
    for (const auto& row : std::to_array<Row>({
             {"+=", "+=", "11:61 11:62"},
             {"+=", ":=", "11:62"      },
             {":=", "=",  "11:61"      },
             {"=",  "+=", "11:61 11:62"},
             {"==", "=",  "11:62"      },
    })) {
        const auto encoded = encode(
            Rules{
                {"Filter-Id", row.first,  "a"},
                {"Filter-Id", row.second, "b"}
        },
            *builtin_dictionary());
        BOOST_TEST(show(encoded) == row.encoded, row.first << " " << row.second);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

// Attributes as people write and read them.
#include "radius/attribute_text.hpp"
#include "store/hex.hpp"
#include "tests/support/dictionary_of.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

constexpr const char* definitions = R"(
VENDOR Acme 9999
BEGIN-VENDOR Acme
ATTRIBUTE Acme-Name 1 string
ATTRIBUTE Acme-Mode 2 byte
VALUE Acme-Mode Fast 1
ATTRIBUTE Acme-Key 3 octets[4]
ATTRIBUTE Acme-Group 4 string has_tag
ATTRIBUTE Acme-Place 5 tlv
ATTRIBUTE Acme-Room 5.1 string
ATTRIBUTE Acme-Shared-Secret 6 string encrypt=2
END-VENDOR
ATTRIBUTE Only-Here 1234 string
VALUE Tunnel-Type VLAN 13
)";

const Dictionary& dictionary() {
    static const auto read = test::dictionary_of(definitions);
    return read;
}

// "26:0000..." of the packet's attribute, or the sentence.
std::string parse(std::string_view name, std::string_view value) {
    const auto parsed = parse_attribute(name, value, dictionary());
    if (const auto* mistake = std::get_if<AttributeMistake>(&parsed)) return mistake->sentence;
    const auto& attribute = std::get<AttributeData>(parsed);
    return show_path(attribute.path) + ":" + store::to_hex(attribute.octets);
}

std::string show(AttributePath path, std::string_view digits) {
    const auto shown =
        show_attribute({.path = std::move(path), .octets = test::from_hex(digits)}, dictionary());
    return shown.name + " = " + shown.value;
}

BOOST_AUTO_TEST_SUITE(radius_attribute_text)

BOOST_AUTO_TEST_CASE(names_and_values_become_octets_and_come_back) {
    struct Row {
        const char* name;
        const char* value;
        AttributePath path;
        const char* octets;
    };
    for (const auto& row : std::vector<Row>{
             {"Session-Timeout",           "3600",            {27},             "00000e10"    },
             {"NAS-Port-Type",             "Wireless-802.11", {61},             "00000013"    },
             {"Filter-Id",                 "wall",            {11},             "77616c6c"    },
             {"Acme-Name",                 "ü",               {26, 9999, 1},    "c3bc"        },
             {"Acme-Mode",                 "Fast",            {26, 9999, 2},    "01"          },
             {"Acme-Mode",                 "2",               {26, 9999, 2},    "02"          },
             {"Acme-Key",                  "0x01020304",      {26, 9999, 3},    "01020304"    },
             {"Acme-Room",                 "12",              {26, 9999, 5, 1}, "3132"        },
             {"Tunnel-Type:1",             "VLAN",            {64},             "0100000d"    },
             {"Tunnel-Type:0",             "VLAN",            {64},             "0000000d"    },
             {"Tunnel-Private-Group-Id:2", "10",              {81},             "023130"      },
             {"Acme-Group",                "staff",           {26, 9999, 4},    "7374616666"  },
             {"Acme-Group:31",             "staff",           {26, 9999, 4},    "1f7374616666"},
             {"Attr-26.311.99",            "0x01ff",          {26, 311, 99},    "01ff"        },
             {"Attr-250",                  "0x",              {250},            ""            },
             {"Attr-27",                   "0x0102",          {27},             "0102"        },
    }) {
        BOOST_TEST(parse(row.name, row.value) == show_path(row.path) + ":" + row.octets);
        BOOST_TEST(show(row.path, row.octets) == std::string(row.name) + " = " + row.value);
    }
}

BOOST_AUTO_TEST_CASE(texts_may_be_written_in_other_ways) {
    BOOST_TEST(parse("session-timeout", "0x10") == "27:00000010");
    BOOST_TEST(parse("Acme-Mode", "fast") == "26.9999.2:01");
    BOOST_TEST(parse("Tunnel-Private-Group-Id", ":2:10") == "81:023130");
    BOOST_TEST(parse("Tunnel-Private-Group-Id", ":x:10") == "81:3a783a3130");
    BOOST_TEST(parse("Tunnel-Type", "13") == "64:0000000d");
    BOOST_TEST(parse("Acme-Group",
                     "\x01"
                     "a") == "26.9999.4:000161");
}

BOOST_AUTO_TEST_CASE(a_mistake_is_told_in_a_sentence) {
    struct Row {
        const char* name;
        std::string value;
        const char* sentence;
    };
    for (const auto& [name, value, sentence] : std::vector<Row>{
             {"Foo-Bar", "1", "there is no attribute 'Foo-Bar' in the dictionary"},
             {"", "1", "there is no attribute '' in the dictionary"},
             {"Session-Timeout", "x", "Session-Timeout takes a number from 0 to 4294967295, not 'x'"},
             {"Acme-Mode", "256",
              "Acme-Mode takes one of its names in the dictionary, or a number from 0 to 255, not '256'"},
             {"Acme-Key", "0x010203", "Acme-Key takes 4 octets, not '0x010203'"},
             {"Filter-Id", "", "Filter-Id takes a text, not ''"},
             {"Framed-IP-Address", "::1", "Framed-IP-Address takes an IPv4 address, not '::1'"},
             {"Tunnel-Preference", "16777216",
              "Tunnel-Preference takes a number from 0 to 16777215, not '16777216'"},
             {"Session-Timeout:1", "1", "Session-Timeout has no tag"},
             {"Tunnel-Type:32", "1", "there is no attribute 'Tunnel-Type:32' in the dictionary"},
             {"Only-Here", "x", "Only-Here is for servers and stands in no packet"},
             {"Filter-Id", std::string(254, 'x'), "the value of Filter-Id is too long for an attribute"},
             {"Acme-Shared-Secret", std::string(240, 'x'),
              "the value of Acme-Shared-Secret is too long to be hidden"},
             {"Acme-Place", "x", "Acme-Place takes other attributes, no value, not 'x'"},
             {"Attr-x", "0x", "'Attr-x' is no number of an attribute, such as Attr-26.311.16"},
             {"Attr-1", "x", "Attr-1 takes 0x and hexadecimal digits, not 'x'"},
             {"Attr-1.2", "0x00", "Attr-1.2 is no attribute that a packet can have"},
             {"Attr-256", "0x00", "Attr-256 is no attribute that a packet can have"},
    }) {
        BOOST_TEST(parse(name, value) == sentence);
        BOOST_TEST(find_mistake(name, value, dictionary()).value_or("none") == sentence);
    }
    BOOST_TEST(!find_mistake("Filter-Id", "x", dictionary()).has_value());
}

BOOST_AUTO_TEST_CASE(contents_that_do_not_fit_their_type_are_shown_as_octets) {
    BOOST_TEST(show({27}, "0102") == "Attr-27 = 0x0102");
    BOOST_TEST(show({18}, "ff") == "Attr-18 = 0xff");
    BOOST_TEST(show({26, 9999, 3}, "01") == "Attr-26.9999.3 = 0x01");
    BOOST_TEST(show({26, 9999, 5}, "01") == "Attr-26.9999.5 = 0x01");
    BOOST_TEST(show({250, 1}, "") == "Attr-250.1 = 0x");
}

BOOST_AUTO_TEST_CASE(secrets_are_masked) {
    BOOST_TEST(show({2}, "00112233445566778899aabbccddeeff") == "User-Password = ****");
    BOOST_TEST(show({3}, "00112233445566778899aabbccddeeff") == "CHAP-Password = ****");
    BOOST_TEST(show({69}, "01800012") == "Tunnel-Password:1 = ****");
    BOOST_TEST(show({26, 311, 16}, "80001234") == "MS-MPPE-Send-Key = ****");
    BOOST_TEST(show({26, 311, 25}, "0000") == "MS-CHAP2-Response = ****");
    BOOST_TEST(show({26, 9999, 6}, "0000") == "Acme-Shared-Secret = ****");
}

BOOST_AUTO_TEST_CASE(a_whole_packet_is_shown_in_its_order) {
    const auto octets = test::packet(
        Code::access_request,
        {test::attribute(attr::user_name, "ann"),
         test::attribute(attr::vendor_specific, test::from_hex("0000270f010361")),
         test::attribute(attr::vendor_specific, test::from_hex("000000010203ff")), test::attribute(250, {})});
    std::string shown;
    for (const auto& [name, value] : show_attributes(decode(octets).value(), dictionary()))
        shown += name + "=" + value + "\n";
    BOOST_TEST(shown == "User-Name=ann\nAcme-Name=a\nAttr-26.1.2=0xff\nAttr-250=0x\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

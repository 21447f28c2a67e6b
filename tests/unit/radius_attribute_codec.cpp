// Attributes in and out of all the headers that there are, octet by octet.
#include "radius/attribute_codec.hpp"
#include "store/hex.hpp"
#include "tests/support/dictionary_of.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

namespace hourglass::radius {
namespace {

constexpr const char* definitions = R"(
VENDOR Acme 9999
BEGIN-VENDOR Acme
ATTRIBUTE Acme-Text 1 string
ATTRIBUTE Acme-Place 2 tlv
ATTRIBUTE Acme-Room 2.1 string
ATTRIBUTE Acme-Floor 2.2 byte
END-VENDOR
VENDOR USR 429 format=4,0
VENDOR Lucent 4846 format=2,1
VENDOR Wide 8888 format=2,2
VENDOR Bare 8889 format=1,0
VENDOR WiMAX 24757 format=1,1,c
BEGIN-VENDOR WiMAX
ATTRIBUTE WiMAX-Capability 1 tlv
ATTRIBUTE WiMAX-Release 1.1 string
END-VENDOR
ATTRIBUTE Example-Tlv 241.2 tlv
ATTRIBUTE Example-Tlv-Inner 241.2.3 tlv
ATTRIBUTE Extended-Vendor-Specific-1 241.26 evs
ATTRIBUTE Extended-Vendor-Specific-5 245.26 evs
BEGIN-VENDOR Acme parent=Extended-Vendor-Specific-1
ATTRIBUTE Acme-Extended-Tlv 5 tlv
END-VENDOR
ATTRIBUTE Place 201 struct
MEMBER Place-Floor byte
MEMBER Place-Kind short
MEMBER Place-Name string
)";

const Dictionary& dictionary() {
    static const auto read = test::dictionary_of(definitions);
    return read;
}

// "241.2.1:2345 (shared 2)", for each.
std::string show(const std::vector<AttributeData>& attributes) {
    std::string text;
    for (const auto& [path, octets, shared, is_hidden] : attributes)
        text += (text.empty() ? "" : " ") + show_path(path) + ":" + store::to_hex(octets) +
                (shared ? "(" + std::to_string(shared) + ")" : "");
    return text;
}

std::string hex_of(const std::vector<EncodedAttribute>& attributes) {
    std::string digits;
    for (const auto& [type, value, hidden] : attributes)
        digits += store::to_hex(test::attribute(type, value));
    return digits;
}

std::vector<AttributeData> decode_all(Bytes attributes) {
    const auto datagram =
        test::packet(Code::access_accept, {test::Octets(attributes.begin(), attributes.end())});
    return decode_attributes(decode(datagram).value(), dictionary());
}

std::vector<AttributeData> decode_all(const std::string& digits) {
    return decode_all(test::from_hex(digits));
}

std::string encode_again(const std::vector<AttributeData>& attributes) {
    const auto encoded = encode_attributes(attributes, dictionary());
    return encoded ? hex_of(*encoded) : "none";
}

std::string repeated(const char* digits, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += digits;
    return text;
}

struct Row {
    std::string digits;
    std::string attributes;
};

void check_both_ways(const std::vector<Row>& rows) {
    for (const auto& [digits, attributes] : rows) {
        const auto decoded = decode_all(digits);
        BOOST_TEST(show(decoded) == attributes);
        BOOST_TEST(encode_again(decoded) == digits);
    }
}

BOOST_AUTO_TEST_SUITE(radius_attribute_codec)

BOOST_AUTO_TEST_CASE(plain_and_vendor_attributes_follow_rfc_2865) {
    check_both_ways({
        {"1b0400ff",                         "27:00ff"                             },
        {"1a0c0000270f0106616e6e61",         "26.9999.1:616e6e61"                  },
        {"1a0c000000090106616e6e61",         "26.9.1:616e6e61"                     },
        {"1a100000270f01046162010663646566", "26.9999.1:6162 26.9999.1:63646566(2)"},
        {"1a080000270f0102",                 "26.9999.1:"                          },
        {"fe03ff",                           "254:ff"                              },
    });
}

BOOST_AUTO_TEST_CASE(vendors_have_headers_of_their_own) {
    check_both_ways({
        {"1a0e000001ad0000b00c00000001", "26.429.45068:00000001"}, // USR: 4, 0
        {"1a0b000012ee00d6050102",       "26.4846.214:0102"     }, // Lucent: 2, 1
        {"1a0c000022b80102000601ff",     "26.8888.258:01ff"     }, // 2, 2
        {"1a08000022b907ff",             "26.8889.7:ff"         }, // 1, 0
        {"1a0e000060b50108000105312e30", "26.24757.1.1:312e30"  }, // WiMAX
    });
}

BOOST_AUTO_TEST_CASE(a_long_value_of_wimax_goes_on_in_the_next_attribute) {
    const auto first = repeated("61", 246);
    check_both_ways({
        {"1aff000060b502f980" + first + "1a0b000060b502050062" + "63", "26.24757.2:" + first + "6263"},
    });
}

BOOST_AUTO_TEST_CASE(the_examples_of_rfc_6929_section_9_come_out_to_the_octet) {
    const auto many = repeated("aa", 251);
    check_both_ways({
        {"f10601626f62", "241.1:626f62"},
        {"f1070201042345", "241.2.1:2345"},
        {"f10b020104234502046789", "241.2.1:2345 241.2.2:6789(2)"},
        {"f10d0201042345030601"
         "04abcd", "241.2.1:2345 241.2.3.1:abcd(2)"},
        {"f10c1a000000010474657374", "241.26.1.4:74657374"},
        {"f10e1a0000270f05030674657374", "241.26.9999.5.3:74657374"},
        {"f5070100626f62", "245.1:626f62"},
        {"f5080200"
         "01042345", "245.2:01042345"},
        {"f5ff0480" + many + "f50d0400" + repeated("bb", 9), "245.4:" + many + repeated("bb", 9)},
        {"f50d1a00000000010474657374", "245.26.1.4:74657374"},
    });
}

BOOST_AUTO_TEST_CASE(concatenated_attributes_are_one_value) {
    const auto first = repeated("61", 253);
    check_both_ways({
        {"4fff" + first + "4f0462630102", "79:" + first + "6263 1:"},
    });
}

BOOST_AUTO_TEST_CASE(members_of_a_structure_have_no_headers) {
    check_both_ways({
        {"c907030007"
         "6162", "201.1:03 201.2:0007(1) 201.3:6162(1)"},
        {"c9050300"
         "07",   "201.1:03 201.2:0007(1)"              },
        {"c904"
         "0300", "201:0300"                            }, // cut within a member
    });
}

BOOST_AUTO_TEST_CASE(what_does_not_add_up_stays_as_it_is) {
    check_both_ways({
        {"1a050000"
         "27",          "26:000027"          }, // no vendor
        {"1a060000270f",         "26.9999:"           }, // no attribute of his
        {"1a090000270f010561",   "26.9999:010561"     }, // longer than there is
        {"1a080000270f0101",     "26.9999:0101"       }, // shorter than its header
        {"1a0c0000270f0206010561"
         "62",          "26.9999.2:01056162" }, // a TLV of too little
        {"1a080000270f0202",     "26.9999.2:"         }, // a TLV of nothing
        {"f102",                 "241:"               },
        {"f5030"
         "1",           "245:01"             },
        {"f5050180ff",           "245:0180ff"         }, // more is promised
        {"f5050180ff"
         "f5050200ff",  "245:0180ff 245.2:ff"}, // of another type
        {"1a0a000060b502048061", "26.24757:02048061"  }, // the same of WiMAX
        {"1a0a0000022702058061", "26.551:02058061"    },
    });
}

BOOST_AUTO_TEST_CASE(every_packet_of_a_real_nas_survives_decoding_and_encoding) {
    int seen = 0;
    for (const auto& [name, octets] : test::nas_packets())
        BOOST_TEST_CONTEXT(name) {
            const auto packet = decode(octets).value();
            const auto attributes = packet.bytes().subspan(packet_octets_min);
            BOOST_TEST(encode_again(decode_attributes(packet, dictionary())) == store::to_hex(attributes));
            ++seen;
        }
    BOOST_TEST(seen == 100);
}

// Values in fragments that are not full are put together differently; nothing is lost of them either.
BOOST_AUTO_TEST_CASE(random_attributes_survive_decoding_and_encoding) {
    std::mt19937 random(5);
    const auto pick = [&](std::vector<std::uint8_t> from) { return from[random() % from.size()]; };
    for (int round = 0; round < 20'000; ++round) {
        test::Octets attributes;
        for (auto count = random() % 4; count > 0; --count) {
            test::Octets value;
            for (auto size = random() % 24; size > 0; --size)
                value.push_back(pick({0, 0, 1, 2, 3, 4, 5, 6, 7, 0x80, 26, 39, 15, 96, 181, 255}));
            if (value.size() > 6 && random() % 2 == 0)
                std::ranges::copy(std::to_array<std::uint8_t>({0, 0, 0x27, 0x0f}), value.begin());
            const auto one = test::attribute(pick({1, 26, 26, 26, 64, 201, 241, 245}), value);
            attributes.insert(attributes.end(), one.begin(), one.end());
        }
        const auto once = decode_all(attributes);
        const auto encoded = encode_again(once);
        BOOST_REQUIRE(encoded == store::to_hex(attributes) || decode_all(encoded) == once);
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
    const auto fits = [](AttributePath path, std::size_t octets) {
        const AttributeData attribute{.path = std::move(path), .octets = OctetString(octets)};
        return encode_attributes({&attribute, 1}, dictionary()).has_value();
    };
    BOOST_TEST(fits({1}, 253));
    BOOST_TEST(!fits({1}, 254));
    BOOST_TEST(fits({26, 9999, 1}, 247));
    BOOST_TEST(!fits({26, 9999, 1}, 248));
    BOOST_TEST(fits({26, 24757, 2}, 4000));
    BOOST_TEST(fits({245, 1}, 4000));
    BOOST_TEST(!fits({241, 1}, 253));
    BOOST_TEST(!fits({26, 9999, 2, 1}, 246));
    BOOST_TEST(!fits({1, 1}, 1));
    BOOST_TEST(!fits({256}, 1));
    BOOST_TEST(!fits({26, 9999, 1, 1}, 1));
}

BOOST_AUTO_TEST_CASE(parts_of_one_tlv_are_put_together) {
    std::vector<AttributeData> attributes{
        {.path = {26, 9999, 2, 1}, .octets = {0x61}},
        {.path = {26, 9999, 2, 2}, .octets = {3}   },
        {.path = {26, 9999, 1},    .octets = {0x62}},
        {.path = {26, 9999, 1},    .octets = {0x63}},
        {.path = {241, 2, 3, 1},   .octets = {4}   },
        {.path = {241, 2, 3, 1},   .octets = {5}   },
    };
    join_groups(attributes, dictionary());
    BOOST_TEST(encode_again(attributes) ==
               "1a0e0000270f0208010361020303"
               "1a090000270f010362"
               "1a090000270f010363"
               "f10b020308010304010305");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

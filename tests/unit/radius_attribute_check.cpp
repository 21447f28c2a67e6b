// The conditions of profiles: operators by data types, and what is made from a request.
#include "radius/attribute_check.hpp"
#include "radius/dictionary_builtin.hpp"
#include "radius/packet_writer.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

// A login at the access point of a lobby.
class Lobby {
public:
    Lobby() {
        PacketWriter writer(Code::access_request, 1);
        writer.add(attr::user_name, "ann");
        writer.add(attr::called_station_id, "02-00-00-00-00-0A:lobby:2");
        writer.add(attr::calling_station_id, "02-00-00-00-00-0B");
        writer.add(attr::nas_identifier, "ap1");
        writer.add(attr::nas_port, 7U);
        writer.add(attr::nas_port_type, 19U);
        writer.add(attr::nas_ip_address, boost::asio::ip::make_address_v4("192.0.2.10"));
        writer.add(attr::framed_ipv6_address, boost::asio::ip::make_address_v6("2001:db8::7"));
        writer.add(attr::filter_id, "one");
        writer.add(attr::filter_id, "two");
        octets_ = writer.sign_request("secret").value();
    }

    LoginOrigin origin() const {
        return {decode(octets_).value(), "front desk", boost::asio::ip::make_address("198.51.100.9")};
    }

private:
    std::vector<std::uint8_t> octets_;
};

const Dictionary& dictionary() {
    return *builtin_dictionary();
}

AttributeCheck must(const store::AttributeRule& rule) {
    auto check = AttributeCheck::read(rule, dictionary());
    if (const auto* const mistake = std::get_if<RuleMistake>(&check)) BOOST_FAIL(mistake->sentence);
    return std::get<AttributeCheck>(std::move(check));
}

struct Row {
    const char* attribute;
    const char* op;
    const char* value;
    bool holds;
};

void expect(std::span<const Row> rows) {
    const Lobby lobby;
    for (const auto& row : rows) {
        const auto check = must({row.attribute, row.op, row.value});
        BOOST_TEST(check.holds(lobby.origin()) == row.holds, check.wish());
    }
}

BOOST_AUTO_TEST_SUITE(radius_attribute_check)

BOOST_AUTO_TEST_CASE(numbers_compare_by_their_value) {
    expect(std::to_array<Row>({
        {"NAS-Port",      "==", "7",               true },
        {"NAS-Port",      "!=", "7",               false},
        {"NAS-Port",      "!=", "8",               true },
        {"NAS-Port",      ">",  "6",               true },
        {"NAS-Port",      ">",  "7",               false},
        {"NAS-Port",      ">=", "7",               true },
        {"NAS-Port",      "<",  "256",             true },
        {"NAS-Port",      "<",  "7",               false},
        {"NAS-Port",      "<=", "7",               true },
        {"NAS-Port",      "<=", "6",               false},
        {"NAS-Port-Type", "==", "Wireless-802.11", true },
        {"NAS-Port-Type", "==", "19",              true },
        {"nas-port-type", "==", "Ethernet",        false},
        {"NAS-Port-Type", "=~", "^Wireless-",      true },
    }));
}

BOOST_AUTO_TEST_CASE(addresses_compare_with_addresses_and_prefixes) {
    expect(std::to_array<Row>({
        {"NAS-IP-Address",        "==", "192.0.2.10",      true },
        {"NAS-IP-Address",        "==", "192.0.2.11",      false},
        {"NAS-IP-Address",        "==", "192.0.2.0/24",    true },
        {"NAS-IP-Address",        "!=", "192.0.2.0/24",    false},
        {"NAS-IP-Address",        "==", "192.0.3.0/24",    false},
        {"NAS-IP-Address",        ">",  "192.0.2.9",       true },
        {"Framed-IPv6-Address",   "==", "2001:db8::/32",   true },
        {"Framed-IPv6-Address",   "==", "2001:db8::8",     false},
        {"Packet-Src-IP-Address", "==", "198.51.100.9",    true },
        {"Packet-Src-IP-Address", "==", "198.51.100.0/28", true },
        {"Packet-Src-IP-Address", "!=", "198.51.100.0/28", false},
    }));
}

BOOST_AUTO_TEST_CASE(stations_are_alike_in_all_spellings_of_their_mac) {
    expect(std::to_array<Row>({
        {"Calling-Station-Id", "==", "02-00-00-00-00-0B",         true },
        {"Calling-Station-Id", "==", "02:00:00:00:00:0b",         true },
        {"Calling-Station-Id", "==", "0200.0000.000b",            true },
        {"Calling-Station-Id", "==", "02000000000B",              true },
        {"Calling-Station-Id", "==", "02-00-00-00-00-0C",         false},
        {"Calling-Station-Id", "!=", "02:00:00:00:00:0b",         false},
        {"Calling-Station-Id", "==", "any",                       false},
        {"Called-Station-Id",  "==", "02:00:00:00:00:0a",         true },
        {"Called-Station-Id",  "==", "02:00:00:00:00:0a:lobby:2", true },
        {"Called-Station-Id",  "==", "02:00:00:00:00:0a:lobby",   false},
        {"Calling-Station-Id", "=~", "^02-00-00-",                true },
    }));
}

BOOST_AUTO_TEST_CASE(an_attribute_must_be_there_and_of_several_one_must_do) {
    expect(std::to_array<Row>({
        {"Filter-Id",       "==", "two",     true },
        {"Filter-Id",       "==", "three",   false},
        {"Filter-Id",       "!=", "two",     false},
        {"Filter-Id",       "!=", "three",   true },
        {"Filter-Id",       "=~", "^t",      true },
        {"Filter-Id",       "!~", "^t",      false},
        {"Filter-Id",       "!~", "^x",      true },
        {"Filter-Id",       ">",  "oneself", true },
        {"Filter-Id",       "=*", "",        true },
        {"Filter-Id",       "!*", "",        false},
        {"Session-Timeout", "==", "1",       false},
        {"Session-Timeout", "!=", "1",       false},
        {"Session-Timeout", "!~", "1",       false},
        {"Session-Timeout", "=*", "",        false},
        {"Session-Timeout", "!*", "",        true },
        {"User-Password",   "=*", "",        false},
    }));
}

BOOST_AUTO_TEST_CASE(ssid_and_nas_entry_are_attributes_too) {
    expect(std::to_array<Row>({
        {"Called-Station-SSID", "==", "lobby:2",    true },
        {"Called-Station-SSID", "==", "Lobby:2",    false},
        {"Called-Station-SSID", "=~", "(?i)^LOBBY", true },
        {"Client-Shortname",    "==", "front desk", true },
        {"Client-Shortname",    "!=", "front desk", false},
    }));
    const auto nothing = must({"Called-Station-SSID", "==", "lobby"});
    BOOST_TEST(!nothing.holds({}));
    BOOST_TEST(nothing.finding({}) == "nothing");
}

BOOST_AUTO_TEST_CASE(a_check_says_what_it_wants_and_what_there_is) {
    const Lobby lobby;
    const auto check = must({"NAS-Port-Type", "==", "Ethernet"});
    BOOST_TEST(check.wish() == "NAS-Port-Type == Ethernet");
    BOOST_TEST(check.finding(lobby.origin()) == "Wireless-802.11");
    BOOST_TEST(must({"Filter-Id", "!*", ""}).wish() == "Filter-Id !*");
    BOOST_TEST(must({"Filter-Id", "!*", ""}).finding(lobby.origin()) == "one, two");
}

// What would keep a backtracking matcher busy for years.
BOOST_AUTO_TEST_CASE(a_regular_expression_takes_a_time_that_grows_with_the_text_alone) {
    PacketWriter writer(Code::access_request, 1);
    writer.add(attr::nas_identifier, std::string(253, 'a'));
    const auto octets = writer.sign_request("secret").value();
    const auto check = must({"NAS-Identifier", "=~", "^(a|a|a*)*(a+)+b$"});
    BOOST_TEST(!check.holds({decode(octets).value(), "", {}}));
}

BOOST_AUTO_TEST_CASE(mistakes_are_sentences) {
    struct Mistake {
        store::AttributeRule rule;
        RulePart part;
        std::string_view sentence;
    };
    const std::string too_long(AttributeCheck::pattern_octets_max + 1, 'a');
    for (const auto& row : std::vector<Mistake>{
             {{"Starlight", "==", "1"},               RulePart::attribute, "There is no attribute \"Starlight\"."},
             {{"NAS-Port", ":=", "1"},
              RulePart::op,
              "\":=\" sets an attribute; a condition compares by ==, !=, >, >=, <, <=, =~ or !~, or asks by "
              "=* or "
              "!* whether it is there."                                                                          },
             {{"NAS-Identifier", "=~", "ap[1"},
              RulePart::value,
              "This is no regular expression at character 3: missing ]: [1."                                     },
             {{"NAS-Identifier", "=~", too_long},
              RulePart::value,
              "A regular expression has no more than 253 octets."                                                },
             {{"NAS-IP-Address", "==", "10.0.0.1/8"},
              RulePart::value,
              "\"10.0.0.1/8\" is no prefix of addresses, or has bits set beyond its length."                     },
             {{"User-Password", "==", "x"},
              RulePart::attribute,
              "User-Password is a secret, and not compared."                                                     },
    }) {
        const auto check = AttributeCheck::read(row.rule, dictionary());
        BOOST_TEST_REQUIRE(std::holds_alternative<RuleMistake>(check));
        BOOST_TEST((std::get<RuleMistake>(check).part == row.part));
        BOOST_TEST(std::get<RuleMistake>(check).sentence == row.sentence);
    }
    const std::vector<store::AttributeRule> rules{
        {"NAS-Port", "==", "1"        },
        {"NAS-Port", "==", "the first"}
    };
    const auto read = read_checks(rules, dictionary());
    BOOST_TEST(read.checks.size() == 1U);
    BOOST_TEST_REQUIRE(read.mistakes.size() == 1U);
    BOOST_TEST((read.mistakes[0].rule == 1U));
    BOOST_TEST(!read.mistakes[0].sentence.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

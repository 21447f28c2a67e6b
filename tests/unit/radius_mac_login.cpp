// MAC addresses in all spellings, and the devices that log in by them.
#include "radius/authenticator.hpp"
#include "radius/mac_login.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using test::attribute;
using test::Octets;

constexpr std::string_view secret = "testing123";
constexpr std::string_view stored = "00-1a-2b-3c-4d-5e";
constexpr std::uint32_t login = 1;
constexpr std::uint32_t call_check = 10;

const auto request_authenticator = test::array_from_hex<16>("000102030405060708090a0b0c0d0e0f");

struct Device {
    Digests digests;
    NameRules rules{.has_mac_addresses = true};

    Octets pap(std::string_view password) {
        Octets hidden(32);
        std::ranges::copy(password, hidden.begin());
        hide(hidden, request_authenticator, secret, digests);
        return attribute(attr::user_password, hidden);
    }
    Octets chap(std::string_view password) {
        const std::uint8_t identifier = 7;
        const auto digest = digests.md5({
            {&identifier, 1},
            as_bytes(password), request_authenticator
        });
        Octets value{identifier};
        value.insert(value.end(), digest.begin(), digest.end());
        return attribute(attr::chap_password, value);
    }

    bool is_let_in(std::string_view user_name, std::string_view password_of_record,
                   std::initializer_list<Octets> attributes) {
        const auto octets = test::packet(Code::access_request, attributes);
        const auto packet = decode(octets).value();
        const auto identity = identify(user_name, rules).value();
        const auto found = find_credential(packet, identity);
        const auto* const credential = std::get_if<Credential>(&found);
        return credential != nullptr &&
               check(*credential, packet, identity, password_of_record, secret, digests).is_right &&
               !is_of_other_station(packet, identity, password_of_record);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(radius_mac_login)

BOOST_AUTO_TEST_CASE(a_mac_address_has_many_spellings) {
    for (const auto* text :
         {"001a2b3c4d5e", "001A2B3C4D5E", "00-1a-2b-3c-4d-5e", "00:1A:2B:3C:4D:5E", "00.1a.2b.3c.4d.5e",
          "001a.2b3c.4d5e", "001a-2b3c-4d5e", "001A:2B3C:4D5E", "001a2b-3c4d5e", "00-1A-2b-3C-4d-5E"}) {
        const auto address = parse_mac_address(text);
        BOOST_TEST_REQUIRE(address.has_value(), text);
        BOOST_TEST(to_text(*address) == stored);
    }
    for (const auto* text : {"", "001a2b3c4d5", "001a2b3c4d5e0", "00-1a-2b-3c-4d", "00-1a:2b-3c-4d-5e",
                             "00-1a-2b-3c-4d-5g", "0-01a-2b-3c-4d-5e", "00-1a-2b-3c-4d5e-", "-001a2b3c4d5e",
                             "001a2b.3c4d5e", "00 1a 2b 3c 4d 5e", "ann", "00-1a-2b-3c-4d-5e:ssid"})
        BOOST_TEST(!parse_mac_address(text).has_value(), text);
}

BOOST_FIXTURE_TEST_CASE(a_device_comes_in_by_its_address_in_any_spelling_by_pap_and_chap, Device) {
    for (const auto* spelling :
         {"001a2b3c4d5e", "001A2B3C4D5E", "00:1A:2B:3C:4D:5E", "001a.2b3c.4d5e", "00-1a-2b-3c-4d-5e"}) {
        BOOST_TEST(is_let_in("001A2B3C4D5E", stored, {pap(spelling)}), spelling);
        BOOST_TEST(is_let_in("00:1a:2b:3c:4d:5e", "00:1A:2B:3C:4D:5E", {chap(spelling)}), spelling);
    }
    BOOST_TEST(!is_let_in("001A2B3C4D5E", stored, {pap("001a2b3c4d5f")}));
    BOOST_TEST(!is_let_in("001A2B3C4D5E", stored, {chap("001a2b3c4d5f")}));
    BOOST_TEST(!is_let_in("001A2B3C4D5E", stored, {}));
}

BOOST_FIXTURE_TEST_CASE(a_call_check_needs_no_password_and_takes_any, Device) {
    const auto service = attribute(attr::service_type, call_check);
    BOOST_TEST(is_let_in("001A2B3C4D5E", stored, {service}));
    BOOST_TEST(is_let_in("001A2B3C4D5E", stored, {service, pap("of the NAS")}));
    BOOST_TEST(!is_let_in("001A2B3C4D5E", stored, {attribute(attr::service_type, login)}));
}

BOOST_FIXTURE_TEST_CASE(a_call_check_opens_no_account_with_a_password_of_its_own, Device) {
    const auto service = attribute(attr::service_type, call_check);
    BOOST_TEST(!is_let_in("ann", "hello", {service}));
    BOOST_TEST(!is_let_in("ann", "hello", {service, pap("hallo")}));
    BOOST_TEST(!is_let_in("ann", stored, {service}));
    BOOST_TEST(!is_let_in("001a2b3c4d5e", "hello", {service}));
    BOOST_TEST(!is_let_in("001a2b3c4d5e", "hello", {pap("001a2b3c4d5e")}));
    BOOST_TEST(!is_let_in("001a2b3c4d5e", "00-1a-2b-3c-4d-5f", {service}));
    BOOST_TEST(is_let_in("ann", "hello", {service, pap("hello")}));
    BOOST_TEST(is_let_in("001a2b3c4d5e", "hello", {pap("hello")}));
}

BOOST_FIXTURE_TEST_CASE(without_the_setting_an_address_is_a_name_like_any, Device) {
    rules = {};
    BOOST_TEST(!is_let_in("001A2B3C4D5E", stored, {attribute(attr::service_type, call_check)}));
    BOOST_TEST(!is_let_in("001A2B3C4D5E", stored, {pap("001a2b3c4d5e")}));
    BOOST_TEST(is_let_in("001A2B3C4D5E", stored, {pap(stored)}));
}

BOOST_FIXTURE_TEST_CASE(an_address_that_another_station_typed_in_opens_nothing, Device) {
    const auto service = attribute(attr::service_type, call_check);
    const auto same = attribute(attr::calling_station_id, "00:1A:2B:3C:4D:5E");
    const auto other = attribute(attr::calling_station_id, "02:00:00:00:00:01");
    BOOST_TEST(is_let_in("001a2b3c4d5e", stored, {service, same}));
    BOOST_TEST(is_let_in("001a2b3c4d5e", stored, {service, attribute(attr::calling_station_id, "port 7")}));
    BOOST_TEST(!is_let_in("001a2b3c4d5e", stored, {service, other}));
    BOOST_TEST(!is_let_in("001a2b3c4d5e", stored, {pap(stored), other}));
    BOOST_TEST(is_let_in("001a2b3c4d5e", "hello", {pap("hello"), other}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius

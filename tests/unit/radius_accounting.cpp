// Accounting-Requests as events: identities, times, counters, and values that no honest NAS sends.
#include "radius/accounting.hpp"
#include "store/session_text.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using store::AccountingRecord;
using test::attribute;
using test::packet;

constexpr std::chrono::sys_seconds arrival_time{1'800'000'000s};
const Arrival arrival{make_address("192.0.2.1"), "lab", arrival_time + 500ms};

constexpr std::uint32_t start = 1;
constexpr std::uint32_t stop = 2;

AccountingEvent event_of(std::initializer_list<test::Octets> attributes) {
    return to_event(decode(packet(Code::accounting_request, attributes)).value(), arrival).value();
}

AccountingRecord record_of(std::uint32_t status, const test::Octets& first, const test::Octets& second = {}) {
    return std::get<AccountingRecord>(event_of(
        {attribute(attr::acct_status_type, status), attribute(attr::acct_session_id, "s1"), first, second}));
}

store::SessionDetails details_of(const AccountingRecord& record) {
    return store::parse_details(record.details).value();
}

std::string identity_of(std::initializer_list<test::Octets> attributes) {
    return nas_identity(decode(packet(Code::accounting_request, attributes)).value(), arrival.source);
}

BOOST_AUTO_TEST_SUITE(radius_accounting)

BOOST_AUTO_TEST_CASE(gigawords_make_64_bit_counters) {
    const auto record = std::get<AccountingRecord>(
        event_of({attribute(attr::acct_status_type, stop), attribute(attr::acct_session_id, "s1"),
                  attribute(attr::acct_input_octets, 5), attribute(attr::acct_input_gigawords, 2),
                  attribute(attr::acct_output_octets, 4294967295),
                  attribute(attr::acct_output_gigawords, 4294967295)}));
    BOOST_TEST(record.input_octets == (2ULL << 32 | 5));
    BOOST_TEST(record.output_octets == std::numeric_limits<std::uint64_t>::max());
}

BOOST_AUTO_TEST_CASE(the_event_is_when_event_timestamp_says_whatever_the_delay) {
    const auto record = record_of(stop, attribute(attr::event_timestamp, 1'700'000'000),
                                  attribute(attr::acct_delay_time, 21));
    BOOST_TEST((record.event_time == store::Time(1'700'000'000s)));
}

BOOST_AUTO_TEST_CASE(without_event_timestamp_the_delay_is_taken_from_the_arrival) {
    BOOST_TEST((record_of(stop, attribute(attr::acct_delay_time, 21)).event_time == arrival_time - 21s));
    BOOST_TEST((record_of(stop, {}).event_time == arrival_time));
    BOOST_TEST((record_of(stop, {}).received_at == arrival.received_at));
}

BOOST_AUTO_TEST_CASE(an_absurd_delay_does_not_lead_before_1970) {
    BOOST_TEST((record_of(stop, attribute(attr::acct_delay_time, 4294967295)).event_time == store::Time{}));
}

BOOST_AUTO_TEST_CASE(a_start_reports_no_time_and_a_stop_up_to_2_to_the_32) {
    BOOST_TEST((record_of(start, attribute(attr::acct_session_time, 77)).session_time == 0s));
    BOOST_TEST((record_of(stop, attribute(attr::acct_session_time, 4294967295)).session_time == 4294967295s));
}

BOOST_AUTO_TEST_CASE(a_nas_of_the_registry_is_named_by_its_id) {
    BOOST_TEST(details_of(record_of(stop, {})).nas_record == "");
    auto from_registry = arrival;
    from_registry.nas_record = 7;
    const auto request = packet(Code::accounting_request, {attribute(attr::acct_status_type, stop),
                                                           attribute(attr::acct_session_id, "s1")});
    const auto event = to_event(decode(request).value(), from_registry).value();
    BOOST_TEST(details_of(std::get<AccountingRecord>(event)).nas_record == "7");
}

BOOST_AUTO_TEST_CASE(a_report_without_user_name_is_recorded_under_the_empty_name) {
    BOOST_TEST(record_of(stop, {}).username == "");
}

BOOST_AUTO_TEST_CASE(status_and_session_id_are_required) {
    const auto refusal = [](std::initializer_list<test::Octets> attributes) {
        return to_event(decode(packet(Code::accounting_request, attributes)).value(), arrival).error();
    };
    const auto status = attribute(attr::acct_status_type, start);
    BOOST_TEST((refusal({attribute(attr::acct_session_id, "s1")}) == Error::incomplete_accounting));
    BOOST_TEST((refusal({status}) == Error::incomplete_accounting));
    BOOST_TEST((refusal({status, attribute(attr::acct_session_id, "")}) == Error::incomplete_accounting));
    BOOST_TEST((refusal({attribute(attr::acct_status_type.type, test::Octets(3)),
                         attribute(attr::acct_session_id, "s1")}) == Error::incomplete_accounting));
}

BOOST_AUTO_TEST_CASE(accounting_on_and_off_restart_the_nas_without_a_session_id) {
    for (const std::uint32_t status : {7U, 8U}) {
        const auto event =
            event_of({attribute(attr::acct_status_type, status), attribute(attr::nas_identifier, "ap-1"),
                      attribute(attr::acct_delay_time, 5)});
        const auto& restart = std::get<store::NasRestart>(event);
        BOOST_TEST(restart.nas == "id:ap-1");
        BOOST_TEST((restart.event_time == arrival_time - 5s));
    }
}

BOOST_AUTO_TEST_CASE(other_status_types_charge_nobody) {
    for (const std::uint32_t status : {0U, 9U, 15U, 4294967295U})  // 9: Tunnel-Start, 15: Failed
        BOOST_TEST(
            std::get<OtherStatus>(event_of({attribute(attr::acct_status_type, status)})).acct_status_type ==
            status);
}

BOOST_AUTO_TEST_CASE(a_nas_is_its_identifier_else_its_address_else_the_source) {
    const auto identifier = attribute(attr::nas_identifier, "ap-1");
    const auto ipv4 = attribute(attr::nas_ip_address, "198.51.100.7");
    const auto ipv6 = attribute(attr::nas_ipv6_address, "2001:db8::7");
    BOOST_TEST(identity_of({identifier, ipv4, ipv6}) == "id:ap-1");
    BOOST_TEST(identity_of({ipv6, ipv4}) == "ip:198.51.100.7");
    BOOST_TEST(identity_of({ipv6}) == "ip:2001:db8::7");
    BOOST_TEST(identity_of({}) == "source:192.0.2.1");
    BOOST_TEST(identity_of({attribute(attr::nas_identifier, ""), ipv4}) == "ip:198.51.100.7");
}

BOOST_AUTO_TEST_CASE(a_name_that_looks_like_an_address_is_not_that_address) {
    BOOST_TEST(identity_of({attribute(attr::nas_identifier, "ip:198.51.100.7")}) !=
               identity_of({attribute(attr::nas_ip_address, "198.51.100.7")}));
    BOOST_TEST(identity_of({attribute(attr::nas_ip_address, "192.0.2.1")}) != identity_of({}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

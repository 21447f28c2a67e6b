// Packets that real NASes sent, and the answers they accepted (tests/data/nas_packets.txt).
#include "radius/accounting.hpp"
#include "radius/credential.hpp"
#include "store/session_text.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

constexpr std::string_view secret = "testing123";

bool is_request(Code code) {
    return code == Code::access_request || code == Code::accounting_request ||
           code == Code::disconnect_request || code == Code::coa_request;
}

// The packet that `name` answers: X for X-response, X-request for any other.
const test::Octets* request_of(const std::map<std::string, test::Octets>& packets, const std::string& name) {
    constexpr std::string_view suffix = "-response";
    const auto request =
        name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name + "-request";
    const auto found = packets.find(request);
    return found == packets.end() ? nullptr : &found->second;
}

BOOST_AUTO_TEST_SUITE(radius_nas_packets)

BOOST_AUTO_TEST_CASE(every_request_of_a_real_nas_is_authentic) {
    Digests digests;
    int seen = 0;
    for (const auto& [name, octets] : test::nas_packets())
        BOOST_TEST_CONTEXT(name) {
            const auto packet = decode(octets).value();
            if (!is_request(packet.code())) continue;
            ++seen;
            if (packet.code() != Code::access_request) {
                BOOST_TEST(has_request_authenticator(packet, secret, digests));
                BOOST_TEST(!has_request_authenticator(packet, "testing124", digests));
            }
            BOOST_TEST((check_message_authenticator(packet, secret) != MessageAuthenticator::invalid));
        }
    BOOST_TEST(seen == 56);
}

BOOST_AUTO_TEST_CASE(every_answer_belongs_to_its_request_and_to_no_other) {
    Digests digests;
    const auto packets = test::nas_packets();
    int seen = 0;
    for (const auto& [name, octets] : packets)
        BOOST_TEST_CONTEXT(name) {
            const auto packet = decode(octets).value();
            if (is_request(packet.code())) continue;
            const auto* request_octets = request_of(packets, name);
            BOOST_REQUIRE(request_octets);
            ++seen;
            const auto request = decode(*request_octets).value().authenticator();
            BOOST_TEST(has_response_authenticator(packet, request, secret, digests));
            BOOST_TEST(
                (check_message_authenticator(packet, request, secret) != MessageAuthenticator::invalid));
            BOOST_TEST(!has_response_authenticator(packet, {}, secret, digests));
        }
    BOOST_TEST(seen == 44);
}

BOOST_AUTO_TEST_CASE(the_passwords_of_pap_logins_are_revealed_and_right) {
    Digests digests;
    for (const auto& [name, octets] : test::nas_packets())
        BOOST_TEST_CONTEXT(name) {
            const auto packet = decode(octets).value();
            const auto hidden = packet.find(attr::user_password);
            if (!hidden) continue;
            const bool is_wrong = name.ends_with("access-reject-request");
            const auto password = reveal_password(*hidden, packet.authenticator(), secret, digests);
            BOOST_TEST((password.value() == (is_wrong ? "not-hello" : "hello")));

            const auto credential = std::get<Credential>(find_credential(packet));
            BOOST_TEST(check(credential, packet, "hello", secret, digests).is_right == !is_wrong);
        }
}

struct Report {
    const char* name;
    store::AccountingStatus status;
    const char* nas;
    const char* session_id;
    int session_time;
    std::uint64_t input_octets;
    std::uint64_t output_octets;
    std::int64_t event_time;  // 0: that of the arrival
    const char* details;
};

std::string text_of(const store::SessionDetails& details) {
    return "identifier=" + details.nas_identifier + " ip=" + details.nas_ip_address +
           " port=" + details.nas_port + " type=" + details.nas_port_type +
           " calling=" + details.calling_station_id + " called=" + details.called_station_id +
           " framed=" + details.framed_ip_address + " cause=" + details.terminate_cause;
}

BOOST_AUTO_TEST_CASE(their_accounting_becomes_records) {
    using enum store::AccountingStatus;
    const std::array rows{
        Report{"freeradius-proxy-start", start,   "ip:127.0.0.1",      "fp-23750",                         0,  0,    0,    0,
               "identifier= ip=127.0.0.1 port= type= calling= called= framed= cause="                     },
        Report{"freeradius-proxy-stop",  stop,    "ip:127.0.0.1",      "fp-23750",                         3,  0,    0,    0,
               "identifier= ip=127.0.0.1 port= type= calling= called= framed= cause="                     },
        Report{"hostapd-interim",        interim, "id:hostapd-nas",    "29FD02BAE2AFFD5C",                 3,  0,    0,    1795331619,
               "identifier=hostapd-nas ip=127.0.0.1 port= type=Wireless-802.11 calling=02-00-00-5E-BD-02 "
               "called=C6-51-8E-28-1C-43: framed= cause="                                                 },
        Report{"hostapd-stop",           stop,    "id:hostapd-nas",    "29FD02BAE2AFFD5C",                 3,  0,    0,    1795331619,
               "identifier=hostapd-nas ip=127.0.0.1 port= type=Wireless-802.11 calling=02-00-00-5E-BD-02 "
               "called=C6-51-8E-28-1C-43: framed= cause=User-Request"                                     },
        Report{"ocserv-start",           start,   "id:ocserv-nas",     "mcY3EiRziE3cwt5SOaX1HPJ9CMs=",     0,  0,    0,    0,
               "identifier=ocserv-nas ip=198.18.1.1 port= type= calling=198.18.1.2 called= framed= cause="},
        Report{"ocserv-stop",            stop,    "id:ocserv-nas",     "mcY3EiRziE3cwt5SOaX1HPJ9CMs=",     10, 5236, 5540, 0,
               "identifier=ocserv-nas ip=198.18.1.1 port= type= calling=198.18.1.2 called= "
               "framed=198.19.1.209 cause=User-Request"                                                   },
        Report{"openvpn-interim",        interim, "id:openvpn-nas",    "5AB650D04E0CEA344B0E747220DEBE98", 4,  6308,
               7426,                                                                                                       0,
               "identifier=openvpn-nas ip=127.0.0.1 port=1 type=Virtual calling=198.18.1.2 called= "
               "framed=198.19.1.2 cause="                                                                 },
        Report{"pam_radius-stop",        stop,    "id:pamtest",        "00023639",                         0,  0,    0,    0,
               "identifier=pamtest ip=127.0.0.1 port=23639 type=Virtual calling= called= framed= cause="  },
        Report{"sshd_pam-stop",          stop,    "id:sshd-nas",       "00023708",                         3,  0,    0,    0,
               "identifier=sshd-nas ip=127.0.0.1 port=23708 type=Virtual calling=127.0.0.1 called= framed= "
               "cause="                                                                                   },
        Report{"strongswan-stop",        stop,    "id:strongswan-nas", "1795331598-2",                     4,  5140, 5140, 0,
               "identifier=strongswan-nas ip=198.18.1.1 port=2 type=Virtual calling=198.18.1.2[14500] "
               "called=198.18.1.1[51348] framed=198.19.1.17 cause=User-Request"                           },
    };
    const auto packets = test::nas_packets();
    const std::chrono::system_clock::time_point received_at{std::chrono::seconds(1795331700)};
    const Arrival arrival{boost::asio::ip::make_address("127.0.0.9"), "lab", received_at};
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.name) {
            const auto event = to_event(decode(packets.at(row.name)).value(), arrival).value();
            const auto& record = std::get<store::AccountingRecord>(event);
            BOOST_TEST((record.status == row.status));
            BOOST_TEST(record.username == "bob");
            BOOST_TEST(record.nas == row.nas);
            BOOST_TEST(record.session_id == row.session_id);
            BOOST_TEST(record.session_time.count() == row.session_time);
            BOOST_TEST(record.input_octets == row.input_octets);
            BOOST_TEST(record.output_octets == row.output_octets);
            BOOST_TEST(record.event_time.time_since_epoch().count() ==
                       (row.event_time ? row.event_time : 1795331700));
            BOOST_TEST((record.received_at == received_at));
            const auto details = store::parse_details(record.details).value();
            BOOST_TEST(text_of(details) == row.details);
            BOOST_TEST(details.nas_name == "lab");
            BOOST_TEST(details.source_address == "127.0.0.9");
        }
}

BOOST_AUTO_TEST_CASE(each_packet_cut_anywhere_is_malformed_and_harmless) {
    for (const auto& [name, octets] : test::nas_packets())
        BOOST_TEST_CONTEXT(name) {
            for (std::size_t size = 0; size < octets.size(); ++size)
                BOOST_TEST(!decode(Bytes(octets).first(size)).has_value());
        }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

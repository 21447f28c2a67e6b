// What leaves the process of a traced packet: everything but the secrets.
#include "daemon/trace.hpp"
#include "radius/packet_text.hpp"
#include "store/hex.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace hourglass::daemon {
namespace {

namespace attr = radius::attr;
using radius::Code;
using radius::TracedPacket;
using test::attribute;

constexpr std::string_view secret_text = "the-secret-octets";

std::shared_ptr<const radius::Snapshot> snapshot() {
    radius::Client lab{.name = "lab",
                       .network = boost::asio::ip::make_address("192.0.2.1"),
                       .prefix_length = 32,
                       .secret = "shared-with-the-lab"};
    return std::make_shared<const radius::Snapshot>(
        radius::Snapshot{radius::Clients({std::move(lab)}), {}, {}, {}});
}

TracedPacket traced(std::vector<std::uint8_t> packet) {
    const auto served_by = snapshot();
    const auto address = boost::asio::ip::make_address("192.0.2.1");
    return {
        .time = std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)) + std::chrono::milliseconds(7),
        .took = std::chrono::microseconds(1500),
        .nas = {address, 1645},
        .snapshot = served_by,
        .client = served_by->clients.find(address),
        .packet = std::move(packet)
    };
}

void expect_no_secret(const std::string& json) {
    BOOST_TEST(!boost::algorithm::icontains(json, secret_text), json);
    BOOST_TEST(!boost::algorithm::icontains(json, store::to_hex(radius::as_bytes(secret_text))), json);
    BOOST_TEST(!boost::algorithm::icontains(json, "shared-with-the-lab"), json);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(daemon_traced_packet)

BOOST_AUTO_TEST_CASE(no_secret_is_shown_in_whatever_attribute_it_comes) {
    const auto octets = radius::as_bytes(secret_text);
    for (const auto& hidden : {
             attribute(attr::user_password, octets),
             attribute(attr::chap_password, octets),
             attribute(attr::state, octets),
             attribute(attr::eap_message, octets),
             attribute(attr::message_authenticator, octets),
             attribute(attr::ms_chap_response, octets),
             attribute(attr::ms_chap2_response, octets),
             attribute(attr::ms_chap2_success, octets),
             attribute(attr::ms_chap_mppe_keys, octets),
             attribute(attr::ms_mppe_send_key, octets),
             attribute(attr::ms_mppe_recv_key, octets),
         }) {
        auto packet = traced(test::packet(Code::access_request, {attribute(attr::user_name, "ann"), hidden}));
        packet.reply = test::packet(Code::access_accept, {hidden});
        const auto json = to_json(packet);
        expect_no_secret(json);
        BOOST_TEST(json.find("User-Name") != json.npos);
    }
}

BOOST_AUTO_TEST_CASE(whatever_has_the_name_of_a_secret_is_masked) {
    struct Row {
        const char* name;
        const char* value;
        const char* shown;
    };
    for (const auto& row : std::to_array<Row>({
             {"User-Password",             "hello",              "****"              },
             {"Tunnel-Password:1",         "hello",              "****"              },
             {"MS-MPPE-Recv-Key",          "0x01",               "****"              },
             {"MS-MPPE-Encryption-Policy", "1",                  "1"                 },
             {"Mikrotik-Wireless-PSK",     "hello",              "****"              },
             {"Ruckus-DPSK",               "hello",              "****"              },
             {"Ascend-Send-Secret",        "hello",              "****"              },
             {"State",                     "0x01",               "****"              },
             {"Proxy-State",               "0x01",               "0x01"              },
             {"Cisco-AVPair",              "psk=hello",          "psk=****"          },
             {"Cisco-AVPair",              "ip:addr-pool=rooms", "ip:addr-pool=rooms"},
             {"CHAP-Challenge",            "0x01",               "0x01"              },
             {"Reply-Message",             "Password expired",   "Password expired"  },
             {"Acct-Session-Id",           "s1",                 "s1"                },
    }))
        BOOST_TEST(radius::masked({row.name, row.value}).value == row.shown, row.name);
}

BOOST_AUTO_TEST_CASE(a_login_is_shown_with_its_checks_and_its_reply) {
    auto login = traced(test::packet(Code::access_request, {attribute(attr::user_name, "ann")}));
    login.user = 7;
    login.checks = {
        {"balance", false, "0 s are left."}
    };
    login.refusal = radius::RejectReason::no_time_left;
    login.reply = test::packet(Code::access_reject, {attribute(attr::reply_message, "No time.")});
    const auto expected = nlohmann::json::parse(R"({
        "time": "2027-01-15T08:00:00.007Z", "nas": "lab", "address": "192.0.2.1", "port": 1645, "octets": 25,
        "packet": {"code": "Access-Request", "identifier": 42,
                   "attributes": [{"attribute": "User-Name", "value": "ann"}]},
        "outcome": "answered", "reason": "no_time_left", "detail": null, "user": 7,
        "checks": [{"check": "balance", "passed": false, "finding": "0 s are left."}],
        "usage": null,
        "reply": {"code": "Access-Reject", "identifier": 42,
                  "attributes": [{"attribute": "Reply-Message", "value": "No time."}]},
        "microseconds": 1500})");
    BOOST_TEST(nlohmann::json::parse(to_json(login)) == expected);
}

BOOST_AUTO_TEST_CASE(what_is_no_packet_is_shown_by_its_size) {
    auto dropped = traced({1, 2, 3});
    dropped.fate = TracedPacket::Fate::dropped;
    dropped.drop = radius::Error::malformed;
    const auto json = nlohmann::json::parse(to_json(dropped));
    BOOST_TEST(json["packet"].is_null());
    BOOST_TEST(json["octets"] == 3);
    BOOST_TEST(json["reason"] == "malformed");
    BOOST_TEST(json["detail"] == "No answer: not a well-formed RADIUS packet.");
    BOOST_TEST(json["reply"].is_null());
}

BOOST_AUTO_TEST_CASE(a_report_is_shown_with_what_the_ledger_took) {
    auto report = traced(test::packet(Code::accounting_request, {attribute(attr::user_name, "ann")}));
    store::Applied applied;
    applied.is_known_user = true;
    applied.charged = std::chrono::seconds(60);
    applied.balance = std::chrono::seconds(540);
    report.usage = applied;
    const auto json = nlohmann::json::parse(to_json(report));
    BOOST_TEST(json["usage"] == nlohmann::json::parse(R"({"charged": 60, "uncovered": 0, "balance": 540})"));
    report.usage->is_known_user = false;
    BOOST_TEST(nlohmann::json::parse(to_json(report))["detail"] ==
               "Charged to nobody: no user has this name.");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon

// A traced packet as it stands on the terminal.
#include "cli/traced_packet.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::cli {
namespace {

const Paint no_paint(false);

Json login() {
    return Json::parse(R"({
        "time": "2027-01-15T08:00:00.007Z", "nas": "lab", "address": "192.0.2.1", "port": 1645, "octets": 44,
        "packet": {"code": "Access-Request", "identifier": 42,
                   "attributes": [{"attribute": "User-Name", "value": "ann"},
                                  {"attribute": "User-Password", "value": "****"}]},
        "outcome": "answered", "reason": "no_time_left", "detail": null, "user": 7,
        "checks": [{"check": "active", "passed": true, "finding": "The user is active."},
                   {"check": "balance", "passed": false, "finding": "0 s are left."}],
        "usage": null,
        "reply": {"code": "Access-Reject", "identifier": 42,
                  "attributes": [{"attribute": "Reply-Message", "value": "No time."}]},
        "microseconds": 1003000})");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_traced_packet)

BOOST_AUTO_TEST_CASE(a_login_reads_from_question_to_answer) {
    BOOST_TEST(shown_packet(login(), no_paint) ==
               "2027-01-15T08:00:00.007Z  from lab (192.0.2.1)  Access-Request 42\n"
               "    User-Name = ann\n"
               "    User-Password = ****\n"
               "  ok  active: The user is active.\n"
               "  NO  balance: 0 s are left.\n"
               "  -> Access-Reject 42: no_time_left after 1.003 s\n"
               "    Reply-Message = No time.\n"
               "\n");
}

BOOST_AUTO_TEST_CASE(a_report_says_what_it_cost) {
    const auto report = Json::parse(R"({
        "time": "2027-01-15T08:00:00.007Z", "nas": "lab", "address": "192.0.2.1",
        "packet": {"code": "Accounting-Request", "identifier": 1, "attributes": []},
        "outcome": "answered", "reason": null, "detail": null, "checks": [],
        "usage": {"charged": 60, "uncovered": 5, "balance": 0},
        "reply": {"code": "Accounting-Response", "identifier": 1, "attributes": []}, "microseconds": 420})");
    BOOST_TEST(shown_packet(report, no_paint) ==
               "2027-01-15T08:00:00.007Z  from lab (192.0.2.1)  Accounting-Request 1\n"
               "  60 s charged, 5 s beyond the balance, 0 s are left\n"
               "  -> Accounting-Response 1 after 0.4 ms\n"
               "\n");
}

BOOST_AUTO_TEST_CASE(silence_says_why) {
    const auto dropped = Json::parse(R"({
        "time": "2027-01-15T08:00:00.007Z", "nas": null, "address": "203.0.113.9", "octets": 3, "packet": null,
        "outcome": "dropped", "reason": "unknown_client",
        "detail": "No answer: the source address is no known NAS.",
        "checks": [], "usage": null, "reply": null, "microseconds": 1})");
    BOOST_TEST(shown_packet(dropped, no_paint) ==
               "2027-01-15T08:00:00.007Z  from 203.0.113.9  3 octets that are no packet\n"
               "  No answer: the source address is no known NAS.\n"
               "\n");
}

BOOST_AUTO_TEST_CASE(colour_is_for_terminals_and_names_cannot_drive_one) {
    auto hostile = login();
    hostile["packet"]["attributes"][0]["value"] = "\x1b[2Jann";
    BOOST_TEST(shown_packet(hostile, no_paint).find('\x1b') == std::string::npos);
    const auto painted = shown_packet(hostile, Paint(true));
    BOOST_TEST(painted.find("\x1b[31m") != std::string::npos);
    BOOST_TEST(painted.find("\x1b[2J") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::cli

// Disconnect- and CoA-Requests as octets, the answers of real NASes, and which packet follows which answer.
#include "radius/authenticator.hpp"
#include "radius/dynamic_authorization_packet.hpp"
#include "tests/support/fake_nas.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace hourglass::radius::dynamic_authorization {
namespace {

using boost::asio::ip::make_address;

constexpr std::string_view secret = "testing123";
constexpr std::chrono::sys_seconds date{std::chrono::seconds(1'795'331'600)};

// What radclient 3.2.1 sends for the same session at the same time, Message-Authenticator last.
constexpr std::string_view radclient_disconnect =
    "28c80063282f05e991086add05a3b6435f2e56900105626f622c123239464430324241453241464644354320076c6f6262790406"
    "c00002"
    "071f1330322d30302d30302d35452d42442d303237066b02961050121e6f7cf99aa0ba8125d683c12047eb3d";
constexpr std::string_view radclient_coa =
    "2b2e005be81539dded1dca84cac086bb709dbafa0105626f622c12323946443032424145324146464435430506000000070806c6"
    "120009"
    "1906676f6c641b060000025837066b029610501220d98c1b95e1b3084b644bc0487be5a1";

// Type and value of each attribute except the signature, in no order.
std::multiset<std::pair<std::uint8_t, test::Octets>> attributes_of(const Packet& packet) {
    std::multiset<std::pair<std::uint8_t, test::Octets>> attributes;
    for (const auto [type, value] : packet.attributes())
        if (type != attr::message_authenticator.type)
            attributes.emplace(type, test::Octets(value.begin(), value.end()));
    return attributes;
}

test::Octets encoded(const Request& request, Step step) {
    return encode(request, step, 200, date, secret).value();
}

void expect_like_radclient(const Request& request, Step step, std::string_view digits) {
    Digests digests;
    const auto theirs_octets = test::from_hex(digits);
    const auto ours_octets = encoded(request, step);
    for (const auto& octets : {ours_octets, theirs_octets}) {
        const auto packet = decode(octets).value();
        BOOST_TEST(has_request_authenticator(packet, secret, digests));
        BOOST_TEST((check_message_authenticator(packet, secret) == MessageAuthenticator::valid));
        BOOST_TEST(!has_request_authenticator(packet, "testing124", digests));
    }
    const auto ours = decode(ours_octets).value();
    const auto theirs = decode(theirs_octets).value();
    BOOST_TEST((ours.code() == theirs.code()));
    BOOST_TEST((attributes_of(ours) == attributes_of(theirs)));
    BOOST_TEST((*ours.attributes().begin()).type == attr::message_authenticator.type);
}

BOOST_AUTO_TEST_SUITE(radius_dynamic_authorization)

BOOST_AUTO_TEST_CASE(a_disconnect_request_says_what_radclient_would_say) {
    expect_like_radclient(test::request_for("29FD02BAE2AFFD5C"), {Kind::disconnect}, radclient_disconnect);
}

BOOST_AUTO_TEST_CASE(a_coa_request_says_what_radclient_would_say) {
    const Request request{
        .kind = Kind::coa,
        .nas = {},
        .session = {.user_name = "bob",
                .acct_session_id = "29FD02BAE2AFFD5C",
                .nas_port = 7,
                .framed_address = make_address("198.18.0.9"),
                .klass = "gold"},
        .changes = {change(attr::session_timeout, 600)},
    };
    expect_like_radclient(request, {Kind::coa, Identifiers::all}, radclient_coa);
}

BOOST_AUTO_TEST_CASE(only_a_coa_request_carries_changes_and_only_the_second_try_all_identifiers) {
    auto request = test::request_for("s1", Kind::coa);
    request.changes = {change(attr::session_timeout, 600), change(attr::reply_message, "bye")};
    request.session.nas_address = make_address("2001:db8::7");
    request.session.framed_address = make_address("2001:db8::9");
    const auto count = [&](Step step) {
        const auto octets = encoded(request, step);
        return attributes_of(decode(octets).value()).size();
    };
    BOOST_TEST(count({Kind::disconnect}) == 6U);
    BOOST_TEST(count({Kind::disconnect, Identifiers::all}) == 10U);
    BOOST_TEST(count({Kind::coa}) == 8U);
    BOOST_TEST(count({Kind::coa, Identifiers::all}) == 12U);

    const auto octets = encoded(request, {Kind::coa, Identifiers::all});
    const auto packet = decode(octets).value();
    BOOST_TEST(packet.find(attr::nas_ipv6_address).value() == make_address("2001:db8::7").to_v6());
    BOOST_TEST(packet.find(attr::framed_ipv6_address).value() == make_address("2001:db8::9").to_v6());
    BOOST_TEST((packet.find(attr::event_timestamp).value() == date));
}

BOOST_AUTO_TEST_CASE(attributes_that_fit_no_packet_are_an_error) {
    auto request = test::request_for("s1", Kind::coa);
    const auto fits = [&] { return encode(request, {Kind::coa}, 0, date, secret).has_value(); };
    request.changes = {change(attr::reply_message, std::string(253, 'x'))};
    BOOST_TEST(fits());
    request.changes = {change(attr::reply_message, std::string(254, 'x'))};
    BOOST_TEST(!fits());
    request.changes.assign(16, change(attr::reply_message, std::string(253, 'x')));
    BOOST_TEST(!fits());
}

BOOST_AUTO_TEST_CASE(answers_of_real_nases_are_read) {
    struct Row {
        const char* name;
        Kind kind;
        bool is_acknowledgement;
        std::optional<std::uint32_t> error_cause;
    };
    const std::array rows{
        Row{"hostapd-dm-disconnect-ack",    Kind::disconnect, true,  {} },
        Row{"hostapd-dm-disconnect-nak",    Kind::disconnect, false, 503},
        Row{"strongswan-dm-disconnect-ack", Kind::disconnect, true,  {} },
        Row{"strongswan-dm-disconnect-nak", Kind::disconnect, false, {} },
        Row{"strongswan-dm-coa-ack",        Kind::coa,        true,  {} },
    };
    Digests digests;
    const auto packets = test::nas_packets();
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.name) {
            const auto packet = decode(packets.at(row.name)).value();
            const auto request =
                decode(packets.at(std::string(row.name) + "-request")).value().authenticator();
            const auto answer = read_answer(packet, row.kind, request, secret, digests).value();
            BOOST_TEST(answer.is_acknowledgement == row.is_acknowledgement);
            BOOST_TEST((answer.error_cause == row.error_cause));

            const auto other_kind = row.kind == Kind::coa ? Kind::disconnect : Kind::coa;
            BOOST_TEST(
                (read_answer(packet, other_kind, request, secret, digests).error() == Error::wrong_code));
            BOOST_TEST((read_answer(packet, row.kind, request, "testing124", digests).error() ==
                        Error::bad_authenticator));
            BOOST_TEST(
                (read_answer(packet, row.kind, {}, secret, digests).error() == Error::bad_authenticator));
        }
}

BOOST_AUTO_TEST_CASE(an_answer_whose_message_authenticator_is_wrong_is_not_believed) {
    Digests digests;
    const auto request_octets = encoded(test::request_for("s1"), {Kind::disconnect});
    const auto request = decode(request_octets).value().authenticator();
    auto octets = test::answer_to(request_octets, test::ack, secret);
    octets.back() ^= 1;
    std::ranges::copy(request, octets.begin() + 4);
    const auto authenticator = digests.md5({octets, as_bytes(secret)});
    std::ranges::copy(authenticator, octets.begin() + 4);
    const auto answer = read_answer(decode(octets).value(), Kind::disconnect, request, secret, digests);
    BOOST_TEST((answer.error() == Error::bad_message_authenticator));
}

// Which packets go out, and how it ends, when the NAS gives these answers; - is silence, . an ACK, ? a NAK
// without a reason, a number one with this Error-Cause.
struct CourseRow {
    const char* name;
    Kind kind;
    bool disconnect_if_unsupported;
    std::vector<std::string> answers;
    std::string steps;  // D and C; small with the essential identifiers, capital with all
    Outcome::Result result;
    std::optional<std::uint32_t> error_cause;
};

std::string name_of(Step step) {
    const bool is_essential = step.identifiers == Identifiers::essential;
    if (step.kind == Kind::coa) return is_essential ? "c" : "C";
    return is_essential ? "d" : "D";
}

std::optional<Answer> answer_of(const std::string& text) {
    if (text == "-") return std::nullopt;
    if (text.starts_with(".")) {
        return text.size() == 1 ? Answer{true, {}}
                                : Answer{true, static_cast<std::uint32_t>(std::stoul(text.substr(1)))};
    }
    if (text == "?") return Answer{false, {}};
    return Answer{false, static_cast<std::uint32_t>(std::stoul(text))};
}

BOOST_AUTO_TEST_CASE(a_refusal_that_another_packet_may_cure_is_followed_by_that_packet) {
    using enum Outcome::Result;
    using enum Kind;
    const std::vector<CourseRow> rows{
        {"an ACK",                              disconnect, false, {"."},                 "d",    acknowledged, {} },
        {"an ACK for what was left of it",      disconnect, false, {".201"},              "d",    session_gone, 201},
        {"silence",                             disconnect, false, {"-"},                 "d",    unreachable,  {} },
        {"prohibited",                          disconnect, false, {"501"},               "d",    refused,      501},
        {"not removable",                       disconnect, false, {"504"},               "d",    refused,      504},
        {"busy",                                disconnect, false, {"506"},               "d",    refused,      506},
        {"a reason nobody knows",               disconnect, false, {"999"},               "d",    refused,      999},
        {"more is needed, and helps",           disconnect, false, {"402", "."},          "dD",   acknowledged, {} },
        {"no reason, and no help",              disconnect, false, {"?", "?"},            "dD",   refused,      {} },
        {"gone, by either packet",              disconnect, false, {"503", "503"},        "dD",   session_gone, 503},
        {"gone, by hostapd",                    disconnect, false, {"503", "401"},        "dD",   session_gone, 503},
        {"not gone after all",                  disconnect, false, {"503", "."},          "dD",   acknowledged, {} },
        {"gone, then silence",                  disconnect, false, {"503", "-"},          "dD",   session_gone, 503},
        {"CoA taken",                           coa,        true,  {"."},                 "c",    acknowledged, {} },
        {"CoA unsupported, and that is all",    coa,        false, {"405"},               "c",    refused,      405},
        {"CoA unsupported: Disconnect",         coa,        true,  {"405", "."},          "cd",   acknowledged, {} },
        {"CoA in vain twice: Disconnect twice", coa,        true,  {"?", "?", "?", "."},  "cCdD", acknowledged, {} },
        {"silent to CoA: Disconnect",           coa,        true,  {"-", "."},            "cd",   acknowledged, {} },
        {"silent to all",                       coa,        true,  {"-", "-"},            "cd",   unreachable,  {} },
        {"silent, and that is all",             coa,        false, {"-"},                 "c",    unreachable,  {} },
        {"CoA for one that is gone",            coa,        true,  {"503", "503"},        "cC",   session_gone, 503},
        {"CoA attribute unknown: Disconnect",   coa,        true,  {"401", "503", "401"}, "cdD",  session_gone, 503},
        {"CoA for another NAS",                 coa,        true,  {"403"},               "c",    refused,      403},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.name) {
            auto request = test::request_for("s1", row.kind);
            request.disconnect_if_unsupported = row.disconnect_if_unsupported;
            Course course(row.kind);
            std::string steps;
            std::optional<Outcome> outcome;
            for (const auto& answer : row.answers) {
                BOOST_REQUIRE(!outcome);
                steps += name_of(course.step());
                outcome = course.conclude(request, answer_of(answer));
            }
            BOOST_REQUIRE(outcome);
            BOOST_TEST(steps == row.steps);
            BOOST_TEST((outcome->result == row.result));
            BOOST_TEST((outcome->error_cause == row.error_cause));
            BOOST_TEST((outcome->kind == course.step().kind));
        }
}

BOOST_AUTO_TEST_CASE(a_session_with_nothing_more_to_say_is_not_asked_twice) {
    Request request = test::request_for("s1");
    request.session = {.user_name = "bob", .acct_session_id = "s1"};
    Course course(Kind::disconnect);
    BOOST_TEST((course.conclude(request, Answer{false, 402}).value().result == Outcome::Result::refused));
}

BOOST_AUTO_TEST_CASE(a_session_is_identified_by_what_the_ledger_keeps_of_it) {
    store::SessionDetails details;
    details.nas_identifier = "lobby";
    details.nas_ip_address = "192.0.2.7";
    details.nas_port = "7";
    details.calling_station_id = "02-00-00-5E-BD-02";
    details.framed_ip_address = "2001:db8::9";
    const auto identity = identity_of("bob", "s1", details);
    BOOST_TEST(identity.user_name == "bob");
    BOOST_TEST(identity.acct_session_id == "s1");
    BOOST_TEST(identity.nas_identifier == "lobby");
    BOOST_TEST((identity.nas_address == make_address("192.0.2.7")));
    BOOST_TEST((identity.nas_port == 7U));
    BOOST_TEST(identity.nas_port_id.empty());
    BOOST_TEST((identity.framed_address == make_address("2001:db8::9")));

    details.nas_port = "ge-0/0/7";
    details.nas_ip_address = "";
    const auto other = identity_of("bob", "s1", details);
    BOOST_TEST(!other.nas_port);
    BOOST_TEST(other.nas_port_id == "ge-0/0/7");
    BOOST_TEST(!other.nas_address);
}

BOOST_AUTO_TEST_CASE(error_causes_and_outcomes_have_names) {
    BOOST_TEST(name_of(Outcome::Result::acknowledged) == "acknowledged");
    BOOST_TEST(name_of(Outcome::Result::shutting_down) == "shutting_down");
    BOOST_TEST(value_name(attr::error_cause, 503) == "Session-Context-Not-Found");
    BOOST_TEST(value_name(attr::error_cause, 999) == "999");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius::dynamic_authorization

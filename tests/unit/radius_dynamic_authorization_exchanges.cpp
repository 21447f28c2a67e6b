// Requests under way: repeats, Identifiers, queues, turns. Time is what the test says it is.
#include "radius/dynamic_authorization_exchanges.hpp"
#include "tests/support/fake_nas.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace hourglass::radius::dynamic_authorization {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using boost::asio::ip::udp;
using test::answer_to;

constexpr std::string_view secret = "testing123";

const udp::endpoint lobby(make_address("192.0.2.1"), 3799);
const udp::endpoint garden(make_address("192.0.2.2"), 3799);

// The exchanges and a clock that starts at 0.
struct Desk {
    explicit Desk(const Limits& limits = {}) : exchanges(1, limits) {}

    Moment now() const {
        return {Exchanges::Time(time),
                std::chrono::sys_seconds(1'795'331'600s + floor<std::chrono::seconds>(time))};
    }

    Exchanges::Ticket begin(const udp::endpoint& nas, Kind kind = Kind::disconnect) {
        const auto ticket =
            exchanges.begin(test::request_for("s1", kind), {nas, std::string(secret)}, now().time);
        collect();
        return ticket;
    }

    error_code answer(const Exchanges::Transmission& transmission, const test::Reaction& reaction) {
        const auto octets = answer_to(transmission.bytes, reaction, secret);
        const auto error = exchanges.receive(octets, transmission.nas, transmission.source, now().time);
        collect();
        return error;
    }

    // Lets time pass, waking up whenever the exchanges want to.
    void wait(std::chrono::milliseconds duration) {
        const auto end = time + duration;
        for (auto next = exchanges.next_wake_up(); next && next->time_since_epoch() <= end;
             next = exchanges.next_wake_up()) {
            time = std::max(time, next->time_since_epoch());
            collect();
        }
        time = end;
        collect();
    }

    void collect() {
        exchanges.advance(now());
        for (auto& transmission : exchanges.take_transmissions()) {
            sent.push_back(std::move(transmission));
            sent_at.push_back(floor<std::chrono::milliseconds>(time));
        }
        for (const auto& each : exchanges.take_finished())
            finished.push_back(each);
    }

    std::size_t sent_to(const udp::endpoint& nas) const {
        return static_cast<std::size_t>(std::ranges::count(sent, nas, &Exchanges::Transmission::nas));
    }

    Exchanges exchanges;
    Exchanges::Time::duration time{0};
    std::vector<Exchanges::Transmission> sent;
    std::vector<std::chrono::milliseconds> sent_at;
    std::vector<Exchanges::Finished> finished;
};

BOOST_AUTO_TEST_SUITE(radius_dynamic_authorization_exchanges)

BOOST_AUTO_TEST_CASE(an_answered_request_is_sent_once_and_leaves_nothing_behind) {
    Desk desk;
    const auto ticket = desk.begin(lobby);
    BOOST_REQUIRE(desk.sent.size() == 1U);
    BOOST_TEST(!desk.answer(desk.sent[0], test::ack));
    BOOST_REQUIRE(desk.finished.size() == 1U);
    BOOST_TEST(desk.finished[0].ticket == ticket);
    BOOST_TEST((desk.finished[0].outcome.result == Outcome::Result::acknowledged));

    desk.wait(60s);
    BOOST_TEST(desk.sent.size() == 1U);
    BOOST_TEST(desk.finished.size() == 1U);
    BOOST_TEST(desk.exchanges.requests() == 0U);
    BOOST_TEST(desk.exchanges.nases() == 0U);
    BOOST_TEST(!desk.exchanges.next_wake_up());
}

BOOST_AUTO_TEST_CASE(a_silent_nas_gets_the_same_packet_five_times_in_half_a_minute) {
    Desk desk;
    desk.begin(lobby);
    desk.wait(29s);
    BOOST_REQUIRE(desk.sent.size() == 5U);
    BOOST_TEST(desk.finished.empty());
    const std::array<std::chrono::milliseconds, 5> about{0s, 1s, 3s, 7s, 15s};
    for (std::size_t i = 0; i < about.size(); ++i) {
        BOOST_TEST(std::abs((desk.sent_at[i] - about[i]).count()) * 10 <= about[i].count());
        BOOST_TEST((desk.sent[i].bytes == desk.sent[0].bytes));
        BOOST_TEST(desk.sent[i].is_repeat == (i > 0));
    }
    desk.wait(1s);
    BOOST_REQUIRE(desk.finished.size() == 1U);
    BOOST_TEST((desk.finished[0].outcome.result == Outcome::Result::unreachable));
    desk.wait(60s);
    BOOST_TEST(desk.sent.size() == 5U);
}

BOOST_AUTO_TEST_CASE(repeats_of_requests_of_one_moment_are_spread) {
    Desk desk;
    for (int i = 0; i < 32; ++i)
        desk.begin(lobby);
    desk.wait(2s);
    const std::set<std::chrono::milliseconds> moments(desk.sent_at.begin() + 32, desk.sent_at.end());
    BOOST_TEST(moments.size() > 16U);
}

BOOST_AUTO_TEST_CASE(a_late_answer_to_the_first_transmission_ends_the_repeats) {
    Desk desk;
    desk.begin(lobby);
    desk.wait(5s);
    BOOST_REQUIRE(desk.sent.size() == 3U);
    BOOST_TEST(!desk.answer(desk.sent[0], test::ack));
    BOOST_TEST((desk.answer(desk.sent[1], test::ack) == Error::unexpected_answer));
    desk.wait(60s);
    BOOST_TEST(desk.sent.size() == 3U);
    BOOST_TEST(desk.finished.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_is_believed_only_from_the_nas_that_was_asked_and_under_its_secret) {
    Desk desk;
    desk.begin(lobby);
    auto elsewhere = desk.sent[0];
    elsewhere.nas = garden;
    BOOST_TEST((desk.answer(elsewhere, test::ack) == Error::unexpected_answer));
    auto other_port = desk.sent[0];
    other_port.nas.port(3800);
    BOOST_TEST((desk.answer(other_port, test::ack) == Error::unexpected_answer));
    auto other_identifier = desk.sent[0];
    ++other_identifier.bytes[1];
    BOOST_TEST((desk.answer(other_identifier, test::ack) == Error::unexpected_answer));
    auto to_other_port = desk.sent[0];
    ++to_other_port.source;
    BOOST_TEST((desk.answer(to_other_port, test::ack) == Error::unexpected_answer));
    auto other_request = desk.sent[0];
    ++other_request.bytes[4];
    BOOST_TEST((desk.answer(other_request, test::ack) == Error::bad_authenticator));
    BOOST_TEST((desk.answer(desk.sent[0], {.is_forged = true}) == Error::bad_authenticator));
    BOOST_TEST((desk.exchanges.receive(as_bytes("junk"), lobby, 0, desk.now().time) == Error::malformed));
    BOOST_TEST(desk.finished.empty());
    BOOST_TEST(!desk.answer(desk.sent[0], test::ack));
    BOOST_TEST(desk.finished.size() == 1U);
}

BOOST_AUTO_TEST_CASE(another_packet_for_the_same_session_has_an_identifier_and_a_timestamp_of_its_own) {
    Desk desk;
    desk.begin(lobby);
    desk.wait(5s);
    BOOST_TEST(!desk.answer(desk.sent[0], test::nak(503)));
    BOOST_REQUIRE(desk.sent.size() == 4U);
    const auto first = decode(desk.sent[0].bytes).value();
    const auto second = decode(desk.sent[3].bytes).value();
    BOOST_TEST(first.identifier() != second.identifier());
    BOOST_TEST(
        (second.find(attr::event_timestamp).value() - first.find(attr::event_timestamp).value() == 5s));
    BOOST_TEST(!first.contains(attr::framed_ip_address));
    BOOST_TEST(second.contains(attr::framed_ip_address));
    BOOST_TEST(!desk.sent[3].is_repeat);
    BOOST_TEST(desk.finished.empty());
    BOOST_TEST(!desk.answer(desk.sent[3], test::nak(401)));
    BOOST_REQUIRE(desk.finished.size() == 1U);
    BOOST_TEST((desk.finished[0].outcome.result == Outcome::Result::session_gone));
}

BOOST_AUTO_TEST_CASE(few_packets_are_in_flight_to_one_nas_and_one_more_with_each_answer) {
    Desk desk;
    const auto at_first = Limits{}.in_flight_per_nas_min;
    for (std::size_t i = 0; i < at_first + 5; ++i)
        desk.begin(lobby);
    BOOST_TEST(desk.sent.size() == at_first);
    BOOST_TEST(!desk.answer(desk.sent[0], test::ack));
    BOOST_TEST(desk.sent.size() == at_first + 2);
    BOOST_TEST(!desk.answer(desk.sent[1], test::ack));
    BOOST_TEST(desk.sent.size() == at_first + 4);
}

BOOST_AUTO_TEST_CASE(a_nas_that_answers_comes_to_a_limit_and_falls_back_when_it_is_silent) {
    Desk desk({.send_interval = 0ms});
    const auto in_flight_max = Limits{}.in_flight_per_nas_max;
    for (std::size_t i = 0; i < 3 * in_flight_max; ++i)
        desk.begin(lobby);
    for (std::size_t i = 0; i < in_flight_max; ++i)
        BOOST_REQUIRE(!desk.answer(desk.sent[i], test::ack));
    BOOST_TEST(desk.sent.size() == 2 * in_flight_max);
    BOOST_TEST(desk.exchanges.in_flight_limit(lobby) == in_flight_max);
    desk.wait(2s);
    BOOST_TEST(desk.exchanges.in_flight_limit(lobby) == Limits{}.in_flight_per_nas_min);
}

BOOST_AUTO_TEST_CASE(the_next_packet_of_a_request_goes_before_requests_that_wait) {
    Desk desk({.in_flight_per_nas_min = 1, .in_flight_per_nas_max = 1});
    for (int i = 0; i < 3; ++i)
        desk.begin(lobby);
    BOOST_REQUIRE(desk.sent.size() == 1U);
    BOOST_TEST(!desk.answer(desk.sent[0], test::nak(402)));
    BOOST_REQUIRE(desk.sent.size() == 2U);
    BOOST_TEST(decode(desk.sent[1].bytes).value().contains(attr::framed_ip_address));
}

BOOST_AUTO_TEST_CASE(an_identifier_rests_before_it_is_used_again) {
    Desk desk(
        {.in_flight_per_nas_min = 1, .in_flight_per_nas_max = 1, .source_ports = 1, .send_interval = 0ms});
    for (unsigned i = 0; i < IdentifierPool::identifiers_max + 1; ++i)
        desk.begin(lobby);
    std::set<std::uint8_t> identifiers;
    for (unsigned i = 0; i < IdentifierPool::identifiers_max; ++i) {
        BOOST_REQUIRE(desk.sent.size() == i + 1);
        identifiers.insert(desk.sent[i].bytes[1]);
        BOOST_TEST(!desk.answer(desk.sent[i], test::ack));
    }
    BOOST_TEST(identifiers.size() == IdentifierPool::identifiers_max);
    BOOST_TEST(desk.sent.size() == IdentifierPool::identifiers_max);
    desk.wait(Limits{}.identifier_rest - 1ms);
    BOOST_TEST(desk.sent.size() == IdentifierPool::identifiers_max);
    desk.wait(1ms);
    BOOST_REQUIRE(desk.sent.size() == IdentifierPool::identifiers_max + 1);
    BOOST_TEST(desk.sent.back().bytes[1] == desk.sent.front().bytes[1]);
}

BOOST_AUTO_TEST_CASE(an_identifier_never_comes_twice_in_a_row_however_long_the_nas_was_left_alone) {
    Desk desk;
    for (int i = 0; i < 2000; ++i) {
        desk.begin(lobby);
        BOOST_REQUIRE(!desk.answer(desk.sent.back(), test::ack));
        desk.wait(10s);
        BOOST_REQUIRE(desk.exchanges.nases() == 0U);
    }
    const auto repeated =
        std::ranges::adjacent_find(desk.sent, {}, [](const auto& each) { return each.bytes[1]; });
    BOOST_TEST((repeated == desk.sent.end()));
}

BOOST_AUTO_TEST_CASE(a_nas_with_thousands_of_requests_does_not_hold_up_another) {
    Desk desk;
    for (int i = 0; i < 10'000; ++i)
        desk.exchanges.begin(test::request_for("s1"), {lobby, std::string(secret)}, desk.now().time);
    desk.begin(garden);
    BOOST_TEST(desk.sent_to(garden) == 1U);
    BOOST_TEST(desk.sent_to(lobby) == Limits{}.in_flight_per_nas_min);
}

BOOST_AUTO_TEST_CASE(another_source_port_is_taken_when_no_identifier_of_those_before_has_rested) {
    Desk desk(
        {.in_flight_per_nas_min = 1, .in_flight_per_nas_max = 1, .source_ports = 2, .send_interval = 0ms});
    constexpr std::size_t of_a_port = IdentifierPool::identifiers_max;
    for (std::size_t i = 0; i < 2 * of_a_port + 1; ++i)
        desk.begin(lobby);
    for (std::size_t i = 0; i < 2 * of_a_port; ++i) {
        BOOST_REQUIRE(desk.sent.size() == i + 1);
        BOOST_TEST(desk.sent[i].source == i / of_a_port);
        BOOST_TEST(!desk.answer(desk.sent[i], test::ack));
    }
    BOOST_TEST(desk.sent.size() == 2 * of_a_port);
    desk.wait(Limits{}.identifier_rest);
    BOOST_REQUIRE(desk.sent.size() == 2 * of_a_port + 1);
    BOOST_TEST(desk.sent.back().source == 0U);
}

// As many as may be asked of a NAS, which answers each after a while.
void end_ten_thousand_sessions(Desk& desk, std::chrono::milliseconds answer_time) {
    constexpr std::size_t sessions = 10'000;
    for (std::size_t i = 0; i < sessions; ++i)
        desk.exchanges.begin(test::request_for("s1"), {lobby, std::string(secret)}, desk.now().time);
    desk.collect();
    for (std::size_t answered = 0; answered < sessions;) {
        desk.wait(1ms);
        BOOST_REQUIRE(desk.sent.size() - answered <= Limits{}.in_flight_per_nas_max);
        while (answered < desk.sent.size() && desk.sent_at[answered] + answer_time <= desk.time)
            BOOST_REQUIRE(!desk.answer(desk.sent[answered++], test::ack));
    }
    BOOST_TEST(desk.finished.size() == sessions);
    BOOST_TEST(std::ranges::all_of(desk.finished, [](const auto& each) {
        return each.outcome.result == Outcome::Result::acknowledged;
    }));
    BOOST_TEST(desk.sent.size() == sessions);
}

BOOST_AUTO_TEST_CASE(ten_thousand_sessions_of_one_nas_end_in_seconds) {
    Desk desk;
    end_ten_thousand_sessions(desk, 20ms);
    BOOST_TEST((desk.time < 3s));
}

BOOST_AUTO_TEST_CASE(ten_thousand_sessions_of_one_nas_end_in_turn_from_one_source_port) {
    Desk desk({.source_ports = 1});
    end_ten_thousand_sessions(desk, 20ms);
    BOOST_TEST((desk.time < 90s));
}

BOOST_AUTO_TEST_CASE(nases_take_turns_when_the_rate_is_short) {
    Desk desk({.send_interval = 10ms, .send_burst_max = 0});
    for (int i = 0; i < 10; ++i)
        desk.begin(lobby);
    for (int i = 0; i < 10; ++i)
        desk.begin(garden);
    desk.wait(100ms);
    BOOST_TEST(desk.sent.size() >= 10U);
    BOOST_TEST(desk.sent_to(garden) >= 4U);
    BOOST_TEST(desk.sent_to(lobby) >= 4U);
}

BOOST_AUTO_TEST_CASE(new_packets_keep_to_the_rate_however_many_nases_there_are) {
    Desk desk;
    for (unsigned i = 0; i < 2000; ++i) {
        const udp::endpoint nas(boost::asio::ip::address_v4(0x0a000000U + i), 3799);
        desk.exchanges.begin(test::request_for("s1"), {nas, std::string(secret)}, desk.now().time);
    }
    desk.collect();
    const auto burst = static_cast<std::size_t>(Limits{}.send_burst_max) + 1;
    BOOST_TEST(desk.sent.size() == burst);
    desk.wait(100ms);
    BOOST_TEST(desk.sent.size() == burst + 100ms / Limits{}.send_interval);
}

BOOST_AUTO_TEST_CASE(one_request_beyond_the_limit_of_a_nas_or_of_all_is_turned_away) {
    Desk desk({.requests_max = 5,
               .requests_per_nas_max = 3,
               .in_flight_per_nas_min = 1,
               .in_flight_per_nas_max = 1});
    for (int i = 0; i < 3; ++i)
        desk.begin(lobby);
    BOOST_TEST(desk.finished.empty());
    desk.begin(lobby);
    BOOST_REQUIRE(desk.finished.size() == 1U);
    BOOST_TEST((desk.finished[0].outcome.result == Outcome::Result::overloaded));
    desk.begin(garden);
    desk.begin(garden);
    BOOST_TEST(desk.finished.size() == 1U);
    desk.begin(garden);
    BOOST_TEST(desk.finished.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_request_does_not_wait_for_ever_behind_a_silent_nas) {
    Desk desk({.in_flight_per_nas_min = 1, .in_flight_per_nas_max = 1, .waiting_max = 2min});
    for (int i = 0; i < 10; ++i)
        desk.begin(lobby);
    desk.wait(2min + 31s);
    BOOST_TEST(desk.finished.size() == 10U);
    const auto count = [&](Outcome::Result result) {
        return std::ranges::count(desk.finished, result,
                                  [](const auto& each) { return each.outcome.result; });
    };
    BOOST_TEST(count(Outcome::Result::unreachable) == 5);
    BOOST_TEST(count(Outcome::Result::overloaded) == 5);
    desk.wait(60s);
    BOOST_TEST(desk.exchanges.nases() == 0U);
}

BOOST_AUTO_TEST_CASE(a_request_that_fits_no_packet_is_told_so) {
    Desk desk;
    auto request = test::request_for("s1");
    request.session.user_name = std::string(254, 'x');
    desk.exchanges.begin(request, {lobby, std::string(secret)}, desk.now().time);
    desk.collect();
    BOOST_REQUIRE(desk.finished.size() == 1U);
    BOOST_TEST((desk.finished[0].outcome.result == Outcome::Result::unsendable));
    desk.wait(60s);
    BOOST_TEST(desk.exchanges.nases() == 0U);
}

BOOST_AUTO_TEST_CASE(stopping_ends_every_request_and_those_that_come_later) {
    Desk desk({.in_flight_per_nas_min = 1, .in_flight_per_nas_max = 1});
    desk.begin(lobby);
    desk.begin(lobby);
    desk.exchanges.stop();
    desk.begin(lobby);
    BOOST_REQUIRE(desk.finished.size() == 3U);
    for (const auto& each : desk.finished)
        BOOST_TEST((each.outcome.result == Outcome::Result::shutting_down));
    BOOST_TEST((desk.answer(desk.sent[0], test::ack) == Error::unexpected_answer));
    BOOST_TEST(!desk.exchanges.next_wake_up());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius::dynamic_authorization

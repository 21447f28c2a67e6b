// Numbers that name sessions, the entries of lists, and positions in them.
#include "store/session_ids.hpp"
#include "store/session_pages.hpp"
#include "store/stays.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace hourglass::store;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(store_session_ids)

BOOST_AUTO_TEST_CASE(an_id_is_the_user_and_the_number_and_comes_apart_again) {
    for (const UserId user : {UserId{1}, UserId{17}, session_user_id_max}) {
        for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{2}, sessions_per_block - 1}) {
            const auto id = session_id_of(user, number);
            BOOST_TEST_REQUIRE(id.has_value());
            BOOST_TEST(*id < std::int64_t{1} << 53);  // what every JSON reader holds exactly
            const auto parts = split_session_id(*id);
            BOOST_TEST_REQUIRE(parts.has_value());
            BOOST_TEST(parts->user == user);
            BOOST_TEST(parts->number == number);
        }
    }
    BOOST_TEST(session_id_of(3, 5).value() == 3 * 1'048'576 + 5);
}

BOOST_AUTO_TEST_CASE(what_is_beyond_the_range_is_no_id) {
    BOOST_TEST(!session_id_of(0, 1).has_value());
    BOOST_TEST(!session_id_of(1, 0).has_value());
    BOOST_TEST(!session_id_of(1, sessions_per_block).has_value());
    BOOST_TEST(!session_id_of(session_user_id_max + 1, 1).has_value());
    for (const SessionId id : {SessionId{-1}, SessionId{0}, SessionId{1'048'575}, SessionId{1} << 53,
                               std::numeric_limits<SessionId>::max(), std::numeric_limits<SessionId>::min()})
        BOOST_TEST(!split_session_id(id).has_value(), id);
}

BOOST_AUTO_TEST_CASE(an_entry_comes_back_as_it_went) {
    for (const auto* tag : {"17", "?6e6f626f6479", "?"}) {
        const SessionEntry entry{{tag}, Time(-5s), "s6:id:lab5:a b\nc"};
        const auto parsed = parse_session_entry(entry.member());
        BOOST_TEST_REQUIRE(parsed.has_value());
        BOOST_TEST(parsed->tag.text == tag);
        BOOST_TEST((parsed->started == Time(-5s)));
        BOOST_TEST(parsed->field == entry.field);
    }
    for (const auto* member : {"", "17", "17 5", "17 x s1:a1:b", " 5 s1:a1:b"})
        BOOST_TEST(!parse_session_entry(member).has_value(), member);
}

BOOST_AUTO_TEST_CASE(running_and_completed_sessions_have_scores_of_their_own) {
    BOOST_TEST(score_of(Time(7s), false) == "7");
    BOOST_TEST(score_of(Time(7s), true) == "1099511627783");
    BOOST_TEST(std::stoll(score_of(started_most, false)) < std::stoll(score_of(started_least, true)));
}

BOOST_AUTO_TEST_CASE(a_position_is_before_what_is_older) {
    const SessionPosition position{Time(10s), "b"};
    BOOST_TEST(is_beyond(position, Time(9s), "z"));
    BOOST_TEST(is_beyond(position, Time(10s), "a"));
    BOOST_TEST(!is_beyond(position, Time(10s), "b"));
    BOOST_TEST(!is_beyond(position, Time(10s), "c"));
    BOOST_TEST(!is_beyond(position, Time(11s), "a"));
    BOOST_TEST(is_beyond({}, Time(4'000'000'000s), "z"));
    const auto parsed = parse_session_position(encode(position));
    BOOST_TEST_REQUIRE(parsed.has_value());
    BOOST_TEST((parsed->started == position.started));
    BOOST_TEST(parsed->member == "b");
    BOOST_TEST(!parse_session_position("").has_value());
}

BOOST_AUTO_TEST_CASE(a_disconnect_comes_back_as_it_went) {
    const Disconnect disconnect{DisconnectOutcome::unreachable, Time(1'700'000'000s), "token 3 (front desk)"};
    BOOST_TEST((parse_disconnect(encode(disconnect)) == disconnect));
    for (const auto* text : {"", "requested", "requested x token", "else 1 token"})
        BOOST_TEST(!parse_disconnect(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

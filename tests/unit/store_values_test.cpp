// The small values of the store: names of sessions, their texts, decimals, the name cache, the reconnect
// schedule.
#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/name_cache.hpp"
#include "store/reconnect.hpp"
#include "store/session_text.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace hourglass::store;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(store_values)

BOOST_AUTO_TEST_CASE(no_two_pairs_of_nas_and_session_id_share_a_field) {
    const std::pair<std::string_view, std::string_view> pairs[] = {
        {"nas",    "1"   },
        {"nas1",   ""    },
        {"",       "nas1"},
        {"n",      "as1" },
        {"nas",    "1#2" },
        {"3:nas",  "1"   },
        {"nas1:1", ""    },
    };
    std::set<std::string> fields;
    for (const auto& [nas, session_id] : pairs) {
        const auto field = session_field(nas, session_id);
        BOOST_TEST(fields.insert(field).second);
        BOOST_TEST(fields.insert(field + "#2").second);
    }
}

BOOST_AUTO_TEST_CASE(a_session_is_read_from_its_text) {
    const auto field = session_field("nas 1", "s#1");
    const auto open = parse_session(field, "3 0 120 100 20 18446744073709551615 7 1700000000 60 0badcafe u");
    BOOST_TEST_REQUIRE(open.has_value());
    BOOST_TEST(open->number == 3U);
    BOOST_TEST(open->is_running);
    BOOST_TEST(open->nas == "nas 1");
    BOOST_TEST(open->session_id == "s#1");
    BOOST_TEST((open->session_time == 120s));
    BOOST_TEST((open->charged == 100s));
    BOOST_TEST((open->uncovered == 20s));
    BOOST_TEST(open->input_octets == 18'446'744'073'709'551'615U);
    BOOST_TEST((open->updated - open->started == 60s));

    const auto closed = parse_session(field + "#3", "3 0 120 100 20 1 7 -5 60 0badcafe - 99 stop 100");
    BOOST_TEST_REQUIRE(closed.has_value());
    BOOST_TEST(!closed->is_running);
}

BOOST_AUTO_TEST_CASE(other_fields_and_damaged_texts_are_no_sessions) {
    const std::string text = "3 0 120 100 20 1 7 1700000000 60 0badcafe u";
    for (const std::string_view field :
         {"credited", "consumed", "sessions", "swept", "", "s", "s1:", "s9:nas1:1"}) {
        BOOST_TEST(!parse_session(field, text).has_value());
    }
    for (const std::string_view damaged : {"", "3", "3 0 120", "3 0 x 100 20 1 7 1700000000 60 0badcafe u"}) {
        BOOST_TEST(!parse_session(session_field("nas", "1"), damaged).has_value());
    }
}

BOOST_AUTO_TEST_CASE(details_come_back_as_they_went) {
    SessionDetails details;
    details.nas_name = "lab";
    details.calling_station_id = "02-00-00-00-00-01";
    details.terminate_cause = "User-Request: 7:x";
    details.source_address = std::string("\0 binary", 8);
    details.nas_record = "7";
    const auto text = encode(details);
    BOOST_TEST((parse_details(text) == details));
    BOOST_TEST(!parse_details(text.substr(0, text.size() - 1)).has_value());
    BOOST_TEST((parse_details("3:lab")->nas_name == "lab"));
    const SessionDetailsView views{
        .nas_name = "lab", .calling_station_id = "02-00-00-00-00-01", .nas_record = "7"};
    BOOST_TEST(encode(views) == "3:lab0:0:0:0:17:02-00-00-00-00-010:0:0:0:1:7");
    BOOST_TEST(encode(SessionDetailsView{}) == "");
    BOOST_TEST(fingerprint(text) != fingerprint(encode(SessionDetails{})));
    BOOST_TEST(fingerprint("") == "811c9dc5");
    BOOST_TEST(fingerprint("a") == "e40c292c");
}

BOOST_AUTO_TEST_CASE(decimals_are_whole_or_nothing) {
    BOOST_TEST((parse_decimal("-5") == std::optional<std::int64_t>(-5)));
    BOOST_TEST(
        (parse_decimal("9223372036854775807") == std::optional(std::int64_t{9'223'372'036'854'775'807})));
    for (const std::string_view text : {"", " 5", "5 ", "+5", "5x", "9223372036854775808"}) {
        BOOST_TEST(!parse_decimal(text).has_value());
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_name_never_shares_a_users_keys) {
    BOOST_TEST(keys::account(UserTag::of(12)) == "hg:{12}:account");
    BOOST_TEST(keys::account(UserTag::of_unknown("1}2")) == "hg:{?317d32}:account");
}

BOOST_AUTO_TEST_CASE(the_name_cache_keeps_what_is_asked_for_and_stays_bounded) {
    NameCache cache;
    cache.keep("alice", {.id = 1, .organization = 7});
    for (std::size_t i = 0; i < 5 * NameCache::generation_entries_max; ++i) {
        cache.keep("user" + std::to_string(i), {.id = 2});
        if (i % 1000 == 0) BOOST_TEST((cache.find("alice") == std::optional(NameOwner{1, 7})));
    }
    BOOST_TEST(cache.size() <= 2 * NameCache::generation_entries_max);
    BOOST_TEST(!cache.find("user0").has_value());
    cache.keep("alice", {.id = 3});
    BOOST_TEST((cache.find("alice") == std::optional(NameOwner{3, 0})));
    cache.forget("alice");
    BOOST_TEST(!cache.find("alice").has_value());
}

BOOST_AUTO_TEST_CASE(reconnects_wait_longer_each_time_until_ready_again) {
    Reconnect reconnect(50ms, 300ms);
    for (const auto expected : {50ms, 100ms, 200ms, 300ms, 300ms})
        BOOST_TEST((reconnect.on_failure(1) == expected));
    BOOST_TEST((reconnect.on_failure(0) == 150ms));
    BOOST_TEST(reconnect.reconnects() == 0U);
    reconnect.on_ready();
    BOOST_TEST(reconnect.reconnects() == 0U);
    BOOST_TEST((reconnect.on_failure(1) == 50ms));
    reconnect.on_ready();
    BOOST_TEST(reconnect.reconnects() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

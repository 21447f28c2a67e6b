// Sessions as they are shown: found by id, listed newest first, never to whom they do not belong.
#include "store/session_ids.hpp"
#include "store/session_pages.hpp"
#include "tests/support/session_fixture.hpp"

#include <set>

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::DisconnectOutcome;
using store::SessionFilter;

BOOST_FIXTURE_TEST_SUITE(sessions, test::SessionFixture)

BOOST_AUTO_TEST_CASE(a_session_is_shown_with_all_that_was_reported) {
    make_user("alice", 100s, 7);
    auto record = report("alice", "s1", AccountingStatus::interim, 130s, 130s);
    record.input_octets = 5;
    record.output_octets = std::uint64_t{1} << 40;
    record.details = encode(store::SessionDetails{.nas_identifier = "lab", .calling_station_id = "02-00"});
    must(store.ledger.apply(record));

    const auto shown = only_session({});
    BOOST_TEST(shown.username == "alice");
    BOOST_TEST(shown.organization == 7);
    BOOST_TEST(shown.session.user == 1);
    BOOST_TEST(shown.session.id == 1 * 1'048'576 + 1);
    BOOST_TEST((shown.session.started == now));
    BOOST_TEST((shown.session.session_time == 130s));
    BOOST_TEST((shown.session.charged == 100s));
    BOOST_TEST((shown.session.uncovered == 30s));
    BOOST_TEST(shown.session.output_octets == std::uint64_t{1} << 40);
    BOOST_TEST(shown.session.details.calling_station_id == "02-00");
    BOOST_TEST(shown.session.is_running);
    BOOST_TEST(!shown.session.ended.has_value());
    BOOST_TEST(must(store.sessions.find(shown.session.id)).session.session_id == "s1");
}

BOOST_AUTO_TEST_CASE(an_id_that_names_no_session_is_not_found) {
    make_user("alice");
    apply("alice", "s1", AccountingStatus::start, 0s);
    for (const store::SessionId id :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{1} << 20, (std::int64_t{1} << 20) + 2,
          std::int64_t{2} << 20, std::numeric_limits<std::int64_t>::max()}) {
        BOOST_TEST((error_of(store.sessions.find(id)) == store::Error::not_found), id);
    }
}

BOOST_AUTO_TEST_CASE(the_end_is_the_stop_or_the_last_report_before_the_nas_restarted) {
    make_user("alice");
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s1", AccountingStatus::stop, 50s, 49s);
    apply("alice", "s2", AccountingStatus::start, 10s);
    apply("alice", "s2", AccountingStatus::interim, 40s, 30s);
    must(store.ledger.close_sessions_of({"nas", now + 500s, now + 500s}));
    const auto page = list({});
    BOOST_TEST((page[0].session.ended == now + 40s));
    BOOST_TEST((page[1].session.ended == now + 50s));
}

BOOST_AUTO_TEST_CASE(lists_are_newest_first_and_pages_of_any_size_lead_through_them_once) {
    for (int organization = 1; organization <= 3; ++organization)
        make_user("user" + std::to_string(organization), {}, organization);
    constexpr int count = 60;
    for (int i = 0; i < count; ++i) {
        const auto user = "user" + std::to_string(i % 3 + 1);
        const auto id = "s" + std::to_string(i);
        apply(user, id, AccountingStatus::start, std::chrono::seconds(i % 7));  // many at the same second
        if (i % 2) apply(user, id, AccountingStatus::stop, 20s, 5s);
    }
    for (const std::uint64_t limit : {1U, 2U, 7U, 59U, 60U, 100U}) {
        const auto sessions = list({}, limit);
        BOOST_TEST(sessions.size() == std::size_t{count});
        BOOST_TEST(ids_of(sessions).size() == std::size_t{count});
        BOOST_TEST(std::ranges::is_sorted(sessions, std::greater<>(),
                                          [](const auto& each) { return each.session.started; }));
    }
    BOOST_TEST(list({.is_running = true}).size() == 30U);
    BOOST_TEST(list({.is_running = false}, 7).size() == 30U);
    BOOST_TEST(list({.organization = 2}, 7).size() == 20U);
    BOOST_TEST(list({.user = 3}, 7).size() == 20U);
    BOOST_TEST(list({.username = "user3"}, 7).size() == 20U);
    BOOST_TEST(list(
                   {
                       .visible_organizations = {1, 3}
    },
                   7)
                   .size() == 40U);
    BOOST_TEST(list({.started_from = now + 1s, .started_until = now + 2s}, 3).size() == 18U);
    BOOST_TEST(must(store.sessions.list({}, "", 5)).count.value_or(0) == 60U);
    BOOST_TEST(must(store.sessions.list({.is_running = true}, "", 5)).count.value_or(0) == 30U);
}

BOOST_AUTO_TEST_CASE(what_happens_meanwhile_moves_no_page) {
    make_user("alice");
    for (int i = 0; i < 10; ++i)
        apply("alice", "s" + std::to_string(i), AccountingStatus::start, std::chrono::seconds(10 * i));
    const auto first = must(store.sessions.list({}, "", 4));
    for (int i = 0; i < 10; i += 2) {
        apply("alice", "s" + std::to_string(i), AccountingStatus::stop, 200s, 5s);
        apply("alice", "new" + std::to_string(i), AccountingStatus::start, 300s);
    }
    const auto rest = list({}, 4, first.next);
    BOOST_TEST(rest.size() == 6U);
    for (std::size_t i = 0; i < rest.size(); ++i)
        BOOST_TEST(rest[i].session.session_id == "s" + std::to_string(5 - i));
}

BOOST_AUTO_TEST_CASE(a_filter_that_needs_a_look_at_each_gives_short_pages_and_misses_nothing) {
    make_user("alice");
    const auto count = static_cast<int>(store::Sessions::scanned_per_page_max) + 600;
    std::vector<awaitable<result<store::Applied>>> starts;
    for (int i = 0; i < count; ++i) {
        auto record = report("alice", std::to_string(i), AccountingStatus::start, std::chrono::seconds(i));
        const auto* const station = i == 3 || i == count - 1 ? "wanted" : "other";
        record.details =
            encode(store::SessionDetails{.nas_identifier = "lab", .calling_station_id = station});
        starts.push_back(apply_later(std::move(record)));
    }
    BOOST_TEST(count_errors(run_all(std::move(starts)), {}) == count);
    const SessionFilter filter{.calling_station_id = "wanted"};
    const auto first = must(store.sessions.list(filter, "", 20));
    BOOST_TEST(first.sessions.size() == 1U);
    BOOST_TEST(!first.count.has_value());
    BOOST_TEST(!first.next.empty());
    BOOST_TEST(list(filter).size() == 2U);
    BOOST_TEST(list({.nas = "lab"}, 100).size() == static_cast<std::size_t>(count));
    BOOST_TEST(list({.nas = "elsewhere"}, 100).empty());
}

BOOST_AUTO_TEST_CASE(a_position_that_was_not_handed_out_is_refused) {
    for (const std::string position : {"x", "1700000000 1 1700000000 s3:nas2:s1"})
        BOOST_TEST((error_of(store.sessions.list({}, position, 5)) == store::Error::not_found));
}

BOOST_AUTO_TEST_CASE(a_confined_reader_finds_nothing_of_others_by_any_filter) {
    make_user("alice", {}, 1);
    make_user("bob", {}, 2);
    for (const auto* name : {"alice", "bob", "nobody"})
        apply(name, "s1", AccountingStatus::start, 0s);
    const std::vector<store::OrganizationId> first_only{1};
    for (SessionFilter filter :
         {SessionFilter{.user = 2}, SessionFilter{.username = "bob"}, SessionFilter{.username = "nobody"},
          SessionFilter{.organization = 2}, SessionFilter{.organization = 0}}) {
        BOOST_TEST(list(filter).size() == 1U);
        filter.visible_organizations = first_only;
        BOOST_TEST(list(filter).empty());
    }
    BOOST_TEST(list({.visible_organizations = first_only}).size() == 1U);
    BOOST_TEST(list({.nas = "lab", .visible_organizations = first_only}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_users_sessions_move_with_him_to_another_organization) {
    make_user("alice", {}, 1);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s2", AccountingStatus::start, 10s);
    apply("alice", "s1", AccountingStatus::stop, 30s, 30s);
    must(store.users.change(1,
                            {
                                {"organization", "2"}
    },
                            {}, "test", now));
    BOOST_TEST(list({.visible_organizations = {1}}).empty());
    BOOST_TEST(list({.visible_organizations = {2}}).size() == 2U);
    BOOST_TEST(list({.organization = 2, .is_running = true}).size() == 1U);
    BOOST_TEST(redis({"ZCARD", store::keys::sessions_of_organization(1)}).integer() == 0);

    // This connection still takes her for one of the first.
    apply("alice", "s3", AccountingStatus::start, 50s);
    BOOST_TEST(list({.visible_organizations = {2}}).size() == 3U);
    BOOST_TEST(list({.visible_organizations = {1}}).empty());
}

BOOST_AUTO_TEST_CASE(closed_sessions_stay_under_the_name_of_a_removed_user) {
    make_user("alice", {}, 4);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s1", AccountingStatus::stop, 30s, 30s);
    apply("alice", "s2", AccountingStatus::start, 40s);
    must(store.users.remove(1, true));
    make_user("alice", {}, 5);
    apply("alice", "s1", AccountingStatus::start, 100s);

    const auto sessions = list({.organization = 4});
    BOOST_TEST(sessions.size() == 2U);
    for (const auto& each : sessions) {
        BOOST_TEST(each.username == "alice");
        BOOST_TEST(each.session.user == 1);
        BOOST_TEST(!each.session.is_running);
        BOOST_TEST(must(store.sessions.find(each.session.id)).organization == 4);
    }
    BOOST_TEST(list({.username = "alice"}).size() == 3U);
    BOOST_TEST(list({.username = "alice", .visible_organizations = {4}}).size() == 2U);
    BOOST_TEST(list({.is_running = false}).size() == 2U);
    BOOST_TEST(list({.user = 1}).size() == 2U);
}

BOOST_AUTO_TEST_CASE(sessions_of_unknown_users_have_ids_that_stay) {
    apply("nobody", "s1", AccountingStatus::start, 0s);
    apply("nobody", "s2", AccountingStatus::start, 5s);
    apply("", "s1", AccountingStatus::start, 9s);
    const auto sessions = list({});
    BOOST_TEST(sessions.size() == 3U);
    BOOST_TEST(ids_of(sessions).size() == 3U);
    BOOST_TEST((ids_of(list({})) == ids_of(sessions)));
    for (const auto& each : sessions) {
        BOOST_TEST(each.session.user == 0);
        BOOST_TEST(each.organization == store::unknown_organization);
        const auto found = must(store.sessions.find(each.session.id));
        BOOST_TEST(found.username == each.username);
        BOOST_TEST(found.session.session_id == each.session.session_id);
    }
    BOOST_TEST(sessions[0].username.empty());
    BOOST_TEST(sessions[1].username == "nobody");
    BOOST_TEST(list({.username = "nobody"}).size() == 2U);
    // No user gets such an id.
    BOOST_TEST(make_user("later").id == 3);
}

BOOST_AUTO_TEST_CASE(a_session_beyond_the_first_million_of_a_user_has_an_id_too) {
    make_user("alice");
    redis({"HSET", store::keys::account(store::UserTag::of(1)), "sessions", "1048574"});
    for (const auto* id : {"s1", "s2", "s3"})
        apply("alice", id, AccountingStatus::start, 0s);
    const auto sessions = list({});
    BOOST_TEST(ids_of(sessions).size() == 3U);
    for (const auto& each : sessions) {
        BOOST_TEST(must(store.sessions.find(each.session.id)).session.session_id == each.session.session_id);
    }
}

BOOST_AUTO_TEST_CASE(the_wish_to_end_a_session_is_noted_with_it) {
    make_user("alice");
    apply("alice", "s1", AccountingStatus::start, 0s);
    BOOST_TEST(!only_session({}).disconnect.has_value());
    const auto tag = store::UserTag::of(1);
    must(store.sessions.request_disconnect(tag, 1, "token 3 (front desk)", now));
    apply("alice", "s1", AccountingStatus::interim, 60s, 60s);
    const store::Disconnect expected{.outcome = DisconnectOutcome::requested,
                                     .requested_at = now,
                                     .by = "token 3 (front desk)",
                                     .reason = "requested"};
    BOOST_TEST((only_session({}).disconnect == expected));
    BOOST_TEST((only_session({.user = 1}).disconnect == expected));
    BOOST_TEST((error_of(store.sessions.request_disconnect(tag, 2, "", now)) == store::Error::not_found));
}

BOOST_AUTO_TEST_SUITE_END()

// The lists of sessions may name what is gone, and never miss a session, wherever a daemon dies between two
// steps.
#include "store/accounting_script.hpp"
#include "store/session_index_upkeep.hpp"
#include "store/session_text.hpp"
#include "tests/support/session_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::SessionFilter;
using store::SessionIndexUpkeep;
using store::UserTag;

namespace {

struct IndexFixture : test::SessionFixture {
    IndexFixture() { make_user("alice", 1000s, 1); }

    void apply(AccountingStatus status, std::chrono::seconds at, std::chrono::seconds time = 0s) {
        SessionFixture::apply("alice", "s1", status, at, time);
    }

    // The daemon dies after the script: nothing that follows it happens.
    void apply_and_die(AccountingStatus status, std::chrono::seconds at, std::chrono::seconds time,
                       std::optional<store::OrganizationId> listed_under = {}) {
        store::Pipeline report_alone;
        store::add_report(report_alone, {UserTag::of(1), store::session_field("nas", "s1")},
                          report("alice", "s1", status, at, time), {.is_there = true}, listed_under,
                          store.rules);
        must(store.redis.execute(std::move(report_alone)));
    }

    void keep_up(std::chrono::seconds at) {
        while (must(upkeep.step(now + at)) != SessionIndexUpkeep::Progress::complete) {
        }
    }

    std::size_t listed(const SessionFilter& filter = {}) { return list(filter).size(); }
    std::int64_t entries(store::OrganizationId organization = 1) {
        return redis({"ZCARD", store::keys::sessions_of_organization(organization)}).integer();
    }

    SessionIndexUpkeep upkeep{store.redis, store.rules};
    const SessionFilter running{.is_running = true};
    const SessionFilter completed{.is_running = false};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_index, IndexFixture)

BOOST_AUTO_TEST_CASE(a_session_is_listed_whatever_report_of_it_comes_first) {
    for (const auto first : {AccountingStatus::start, AccountingStatus::interim, AccountingStatus::stop}) {
        const auto name = "s" + std::to_string(static_cast<int>(first));
        SessionFixture::apply("alice", name, first, 60s, first == AccountingStatus::start ? 0s : 60s);
    }
    BOOST_TEST(listed() == 3U);
    BOOST_TEST(listed(running) == 2U);
    BOOST_TEST(listed(completed) == 1U);
}

BOOST_AUTO_TEST_CASE(a_session_goes_from_the_running_to_the_completed_ones) {
    apply(AccountingStatus::start, 0s);
    BOOST_TEST(listed(running) == 1U);
    apply(AccountingStatus::stop, 10s, 10s);
    BOOST_TEST(listed(running) == 0U);
    BOOST_TEST(listed(completed) == 1U);
    apply(AccountingStatus::start, 0s);  // a repeat
    BOOST_TEST(listed(running) == 0U);
    BOOST_TEST(listed(completed) == 1U);
    BOOST_TEST(entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_start_that_an_interim_overtook_leaves_one_entry) {
    apply(AccountingStatus::interim, 61s, 60s);  // began at 1, as it seems
    apply(AccountingStatus::start, 0s);
    BOOST_TEST(entries() == 1);
    BOOST_TEST(listed(running) == 1U);
}

BOOST_AUTO_TEST_CASE(each_stay_under_a_reused_id_is_listed) {
    for (int i = 0; i < 4; ++i) {
        apply(AccountingStatus::start, i * 100s);
        if (i < 3) apply(AccountingStatus::stop, i * 100s + 50s, 50s);
    }
    const auto sessions = list({});
    BOOST_TEST(sessions.size() == 4U);
    BOOST_TEST(ids_of(sessions).size() == 4U);
    BOOST_TEST(sessions.front().session.is_running);
    BOOST_TEST(listed(completed) == 3U);
}

// A clock that was set back, twice. The list has one entry for both.
BOOST_AUTO_TEST_CASE(a_stay_that_began_when_an_earlier_one_did_is_listed_as_running) {
    apply(AccountingStatus::start, 100s);
    apply(AccountingStatus::stop, 50s, 10s);
    apply(AccountingStatus::start, 60s);
    apply(AccountingStatus::stop, 70s, 10s);
    apply(AccountingStatus::start, 100s);
    BOOST_TEST(listed(running) == 1U);
    BOOST_TEST(listed(completed) == 1U);
}

BOOST_AUTO_TEST_CASE(a_restart_of_the_nas_completes_its_sessions_and_an_interim_brings_one_back) {
    apply(AccountingStatus::start, 0s);
    must(store.ledger.close_sessions_of({"nas", now + 40s, now + 40s}));
    BOOST_TEST(listed(running) == 0U);
    BOOST_TEST(listed(completed) == 1U);
    apply(AccountingStatus::interim, 60s, 60s);
    BOOST_TEST(listed(running) == 1U);
    BOOST_TEST(listed(completed) == 0U);
}

BOOST_AUTO_TEST_CASE(the_repeat_of_a_report_names_what_a_dead_daemon_did_not) {
    for (const auto status : {AccountingStatus::start, AccountingStatus::interim, AccountingStatus::stop}) {
        const auto time = status == AccountingStatus::start ? 0s : 60s;
        BOOST_TEST_CONTEXT(static_cast<int>(status)) {
            apply_and_die(status, 60s, time);
            BOOST_TEST(listed() == 0U);
            apply(status, 60s, time);
            BOOST_TEST(listed() == 1U);
            redis({"DEL", store::keys::sessions_of_organization(1)});
            apply(status, 60s, time);
            if (status != AccountingStatus::start)
                BOOST_TEST(entries() == 0);  // the flag was taken off: repeats cost no more than the script
        }
        redis({"DEL", store::keys::account(UserTag::of(1)), store::keys::closed(UserTag::of(1)),
               store::keys::sessions_of_organization(1)});
    }
}

BOOST_AUTO_TEST_CASE(a_stop_that_follows_a_dead_daemons_interim_names_the_session) {
    apply_and_die(AccountingStatus::interim, 60s, 60s);
    apply(AccountingStatus::stop, 90s, 90s);
    BOOST_TEST(listed(completed) == 1U);
}

// Without Event-Timestamp a repeated Start may look older than it is.
BOOST_AUTO_TEST_CASE(a_repeated_start_under_a_reused_id_mends_the_lists_though_it_seems_earlier) {
    apply(AccountingStatus::start, 0s);
    apply(AccountingStatus::stop, 10s, 10s);
    apply_and_die(AccountingStatus::start, 62s, 0s);
    BOOST_TEST(entries() == 1);
    apply(AccountingStatus::start, 60s);
    BOOST_TEST(listed() == 2U);
    BOOST_TEST(entries() == 2);
}

BOOST_AUTO_TEST_CASE(a_start_under_an_organization_that_the_user_has_left_is_listed_where_he_is) {
    must(store.users.find_login("alice"));  // remembers the first organization
    store::Store elsewhere{loop, store::RedisAddress::parse(server.address()), secrets, log};
    elsewhere.redis.start();
    BOOST_TEST_REQUIRE(run(elsewhere.redis.wait_until_ready(test::ready_limit)));
    must(elsewhere.users.change(1,
                                {
                                    {"organization", "2"}
    },
                                {}, "test", now));
    elsewhere.redis.stop();

    apply(AccountingStatus::start, 0s);
    BOOST_TEST(listed({.organization = 2, .is_running = true}) == 1U);
    BOOST_TEST(listed({.organization = 1}) == 0U);
    BOOST_TEST(listed() == 1U);
    keep_up(60s);
    BOOST_TEST(entries(1) == 0);
    BOOST_TEST(listed() == 1U);
}

BOOST_AUTO_TEST_CASE(upkeep_puts_right_what_a_dead_daemon_left_in_the_wrong_place) {
    apply(AccountingStatus::start, 0s);
    apply_and_die(AccountingStatus::stop, 10s, 10s);
    BOOST_TEST(listed(completed) == 0U);
    BOOST_TEST(listed() == 1U);  // only a filter by status goes by the range
    keep_up(20s);
    BOOST_TEST(listed(completed) == 1U);

    redis({"HSET", store::keys::user(UserTag::of(1)), "organization", "2"});
    BOOST_TEST(listed() == 0U);
    keep_up(30s);
    BOOST_TEST(listed({.organization = 2}) == 1U);
    BOOST_TEST(entries(1) == 0);
}

BOOST_AUTO_TEST_CASE(upkeep_drops_what_names_nothing_after_a_day_and_not_before) {
    apply(AccountingStatus::start, 0s);
    apply(AccountingStatus::stop, 10s, 10s);
    redis({"DEL", store::keys::closed(UserTag::of(1))});
    BOOST_TEST(listed() == 0U);
    keep_up(SessionIndexUpkeep::entry_grace);
    BOOST_TEST(entries() == 1);
    keep_up(SessionIndexUpkeep::entry_grace + 1s);
    BOOST_TEST(entries() == 0);
}

BOOST_AUTO_TEST_CASE(sessions_of_a_removed_user_are_forgotten_after_their_retention_and_not_before) {
    apply(AccountingStatus::start, 0s);
    apply(AccountingStatus::stop, 10s, 10s);
    must(store.users.remove(1, false));
    redis({"HSET", store::keys::closed(UserTag::of(1)), "swept", "0"});
    keep_up(store::LedgerRules().retention);
    BOOST_TEST(listed({.username = "alice"}) == 1U);
    keep_up(store::LedgerRules().retention + 11s);
    BOOST_TEST(listed({.username = "alice"}) == 0U);
    BOOST_TEST(redis({"EXISTS", store::keys::closed(UserTag::of(1)), store::keys::details(UserTag::of(1)),
                      store::keys::removed_users("alice")})
                   .integer() == 0);
    keep_up(store::LedgerRules().retention + 12s);
    BOOST_TEST(entries() == 0);
}

BOOST_AUTO_TEST_CASE(upkeep_goes_through_more_entries_than_one_step_takes) {
    std::vector<awaitable<result<store::Applied>>> starts;
    for (int i = 0; i < 1000; ++i)
        starts.push_back(
            apply_later(report(i % 2 ? "alice" : "nobody", std::to_string(i), AccountingStatus::start, 0s)));
    BOOST_TEST(count_errors(run_all(std::move(starts)), {}) == 1000);
    redis({"HSET", store::keys::user(UserTag::of(1)), "organization", "2"});
    BOOST_TEST(listed() == 500U);
    keep_up(0s);
    BOOST_TEST(listed() == 1000U);
    BOOST_TEST(entries(1) == 0);
    BOOST_TEST(entries(store::unknown_organization) == 500);
}

BOOST_AUTO_TEST_SUITE_END()

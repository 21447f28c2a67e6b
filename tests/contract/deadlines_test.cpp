// Deadlines: nobody's sessions run past theirs unvisited, whoever dies when, and each is one daemon's.
#include "store/accounting_script.hpp"
#include "store/decimal.hpp"
#include "store/session_text.hpp"
#include "tests/support/session_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::Anomaly;
using store::Claim;
using store::Error;
using store::UserTag;

namespace {

struct DeadlinesFixture : test::SessionFixture {
    std::vector<Claim> claim(std::chrono::seconds at) { return must(store.deadlines.claim(now + at, 100)); }
    Claim claim_one(std::chrono::seconds at) {
        auto claims = claim(at);
        BOOST_REQUIRE(claims.size() == 1);
        return std::move(claims.front());
    }
    store::Visit visit(std::chrono::seconds at, UserTag tag = UserTag::of(1)) {
        return must(store.deadlines.visit(std::move(tag), now + at));
    }
    void schedule(Claim claim, store::Visit visit, std::chrono::seconds at) {
        must(store.deadlines.schedule(std::move(claim), std::move(visit), now + at));
    }
    // Until the first second at which somebody is due.
    std::optional<std::chrono::seconds> due_within(std::chrono::seconds limit) {
        for (auto at = 0s; at <= limit; ++at) {
            if (!claim(at).empty()) return at;
        }
        return std::nullopt;
    }
    void change(store::FieldChanges changes) {
        must(store.users.change(1, std::move(changes), {}, "test", now + 10s));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deadlines, DeadlinesFixture)

BOOST_AUTO_TEST_CASE(two_sessions_on_a_balance_of_a_minute_are_due_after_half_of_it) {
    make_user("alice", 60s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s2", AccountingStatus::start, 0s);
    BOOST_TEST((due_within(60s) == 30s));
}

BOOST_AUTO_TEST_CASE(a_second_session_brings_the_deadline_forward) {
    make_user("alice", 60s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s2", AccountingStatus::start, 20s);
    BOOST_TEST((due_within(60s) == 40s));
}

BOOST_AUTO_TEST_CASE(an_expiration_is_a_deadline_and_so_is_silence) {
    make_user("alice");
    make_user("bob");
    must(store.users.change(1,
                            {
                                {"expiration", store::decimal(now + 100s)}
    },
                            {}, "test", now));
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("bob", "s1", AccountingStatus::start, 0s);
    BOOST_TEST(claim(99s).empty());
    BOOST_TEST(claim_one(100s).tag.text == "1");
    schedule({UserTag::of(1), claim_one(200s).mark}, visit(200s), 5000s);
    BOOST_TEST(claim(899s).empty());
    BOOST_TEST(claim_one(900s).tag.text == "2");
}

BOOST_AUTO_TEST_CASE(who_was_due_for_long_and_not_visited_is_overdue) {
    make_user("alice", 60s);
    make_user("bob", 6000s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("bob", "s1", AccountingStatus::start, 0s);
    const auto overdue = [&](std::chrono::seconds at) { return must(store.deadlines.overdue(now + at)); };
    BOOST_TEST(overdue(60s) == 0U);
    BOOST_TEST(overdue(60s + store::Deadlines::overdue_after) == 1U);
    claim_one(60s + store::Deadlines::overdue_after);
    BOOST_TEST(overdue(60s + store::Deadlines::overdue_after) == 0U);
}

// What was published for the session before it is later.
BOOST_AUTO_TEST_CASE(an_expiration_that_was_set_while_nothing_ran_is_a_deadline_of_the_next_session) {
    make_user("alice", 100'000s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s1", AccountingStatus::stop, 5s, 5s);
    change({
        {"expiration", store::decimal(now + 100s)}
    });
    apply("alice", "s2", AccountingStatus::start, 20s);
    BOOST_TEST((due_within(900s) == 100s));
}

BOOST_AUTO_TEST_CASE(a_user_with_a_profile_is_visited_when_he_starts) {
    make_user("alice");
    change({
        {"profile", R"(["evening"])"}
    });
    apply("alice", "s1", AccountingStatus::start, 50s);
    BOOST_TEST((due_within(60s) == 50s));
}

// What the first one's deadline counts on is spent.
BOOST_AUTO_TEST_CASE(a_session_whose_stop_is_all_that_came_brings_it_forward) {
    make_user("alice", 100s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s2", AccountingStatus::stop, 40s, 30s);
    apply("alice", "s2", AccountingStatus::stop, 41s, 40s);
    BOOST_TEST((due_within(100s) == 60s));
}

BOOST_AUTO_TEST_CASE(time_that_a_nas_counts_faster_than_our_clock_brings_it_forward) {
    make_user("alice", 100s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s1", AccountingStatus::interim, 10s, 50s);
    BOOST_TEST((due_within(100s) == 60s));
}

// The daemon died after the script and before the index: the NAS repeats, for it got no answer.
BOOST_AUTO_TEST_CASE(the_repeat_of_a_start_publishes_what_a_dead_daemon_did_not) {
    make_user("alice", 60s);
    store::Pipeline report_alone;
    store::add_report(report_alone, {UserTag::of(1), store::session_field("nas", "s1")},
                      report("alice", "s1", AccountingStatus::start, 0s), {.is_there = true}, {},
                      store.rules);
    must(store.redis.execute(std::move(report_alone)));
    BOOST_TEST(claim(1000s).empty());
    const auto repeated = apply("alice", "s1", AccountingStatus::start, 0s);
    BOOST_TEST((repeated.outcome == store::Applied::Outcome::duplicate));
    BOOST_TEST((due_within(60s) == 60s));
}

// What ran before has a deadline already, which does not know of the second session.
BOOST_AUTO_TEST_CASE(the_repeat_of_a_second_start_publishes_it_too) {
    make_user("alice", 60s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    store::Pipeline report_alone;
    store::add_report(report_alone, {UserTag::of(1), store::session_field("nas", "s2")},
                      report("alice", "s2", AccountingStatus::start, 0s), {.is_there = true}, {},
                      store.rules);
    must(store.redis.execute(std::move(report_alone)));
    const auto repeated = apply("alice", "s2", AccountingStatus::start, 0s);
    BOOST_TEST((repeated.outcome == store::Applied::Outcome::duplicate));
    BOOST_TEST((due_within(60s) == 30s));
}

BOOST_AUTO_TEST_CASE(one_daemon_at_a_time_has_a_user_and_a_dead_ones_come_back) {
    for (int i = 0; i < 20; ++i) {
        make_user("u" + std::to_string(i), 10s);
        apply("u" + std::to_string(i), "s1", AccountingStatus::start, 0s);
    }
    std::vector<awaitable<result<std::vector<Claim>>>> daemons;
    for (int i = 0; i < 4; ++i)
        daemons.push_back(store.deadlines.claim(now + 10s, 100));
    std::size_t claimed = 0;
    for (const auto& claims : run_all(std::move(daemons)))
        claimed += claims->size();
    BOOST_TEST(claimed == 20U);
    BOOST_TEST(claim(15s).empty());
    BOOST_TEST(claim(16s).size() == 20U);
}

BOOST_AUTO_TEST_CASE(a_visit_shows_what_runs_and_sets_the_next) {
    make_user("alice", 100s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s2", AccountingStatus::interim, 40s, 10s);
    apply("alice", "s3", AccountingStatus::stop, 40s, 10s);
    const auto claim = claim_one(60s);
    const auto seen = visit(60s);
    BOOST_TEST(seen.exists);
    BOOST_TEST(seen.is_active);
    BOOST_TEST(seen.username == "alice");
    BOOST_TEST(!seen.is_changed);
    BOOST_TEST((seen.account.settled() == 80s));
    BOOST_TEST((seen.account.balance_at(now + 60s) == 0s));
    BOOST_TEST((seen.account.exhausted_at() == now + 60s));
    BOOST_REQUIRE(seen.sessions.size() == 2);
    BOOST_TEST(seen.sessions[0].session.session_id == "s2");
    BOOST_TEST((seen.sessions[0].session.heard == now + 40s));
    BOOST_TEST(seen.sessions[0].session.details.nas_identifier == "lab");
    schedule(claim, seen, 70s);
    BOOST_TEST(this->claim(69s).empty());
    BOOST_TEST(this->claim(70s).size() == 1U);
}

// Between what a visit has read and what it schedules.
BOOST_AUTO_TEST_CASE(a_report_during_a_visit_is_not_lost) {
    make_user("alice", 100s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    const auto claim = claim_one(100s);
    const auto seen = visit(100s);
    must(store.credits.add(
        {.user = 1, .seconds = 300s, .reason = {}, .source = {}, .idempotency_key = {}, .now = now + 100s}));
    apply("alice", "s2", AccountingStatus::start, 101s);
    schedule(claim, seen, 800s);
    const auto again = claim_one(102s);
    schedule(again, visit(102s), 250s);
    apply("alice", "s3", AccountingStatus::start, 110s);
    BOOST_TEST((due_within(300s) < 250s));
}

BOOST_AUTO_TEST_CASE(who_has_nothing_running_is_forgotten_unless_he_starts_meanwhile) {
    make_user("alice", 100s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s1", AccountingStatus::stop, 10s, 10s);
    const auto first = claim_one(100s);
    BOOST_TEST(visit(100s).sessions.empty());
    apply("alice", "s2", AccountingStatus::start, 101s);
    must(store.deadlines.forget(first));
    const auto second = claim_one(200s);
    apply("alice", "s2", AccountingStatus::stop, 200s, 99s);
    BOOST_TEST(visit(200s).sessions.empty());
    must(store.deadlines.forget(second));
    BOOST_TEST(claim(100'000s).empty());
    apply("alice", "s3", AccountingStatus::start, 300s);
    BOOST_TEST(claim(100'000s).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_an_administrator_writes_brings_a_visit_at_once) {
    make_user("alice", 500s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    const auto changes = std::to_array<std::function<void()>>({
        [&] {
            change({
                {"is_active", "0"}
            });
        },
        [&] {
            change({
                {"expiration", store::decimal(now + 50s)}
            });
        },
        [&] {
            change({
                {"profile", R"(["evening"])"}
            });
        },
        [&] {
            change({
                {"organization", "2"}
            });
        },
        [&] { must(store.users.change(1, {}, store::Balance(7s), "test", now + 10s)); },
        [&] {
            must(store.credits.add({.user = 1,
                                    .seconds = 5s,
                                    .reason = {},
                                    .source = {},
                                    .idempotency_key = {},
                                    .now = now + 10s}));
        },
    });
    for (const auto& write : changes) {
        write();
        const auto claim = claim_one(10s);
        const auto seen = visit(10s);
        BOOST_TEST(seen.is_changed);
        schedule(claim, seen, 400s);
        BOOST_TEST(!visit(10s).is_changed);
        schedule({UserTag::of(1), ""}, visit(10s), 400s);
    }
    change({
        {"external_id", "x"}
    });
    BOOST_TEST(claim(10s).empty());
}

BOOST_AUTO_TEST_CASE(a_change_during_a_visit_brings_another) {
    make_user("alice", 500s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    change({
        {"is_active", "0"}
    });
    const auto claim = claim_one(10s);
    const auto seen = visit(10s);
    change({
        {"is_active", "1"}
    });
    schedule(claim, seen, 400s);
    claim_one(10s);
    BOOST_TEST(visit(10s).is_changed);
}

BOOST_AUTO_TEST_CASE(sessions_of_a_removed_user_are_told_to_a_visit) {
    make_user("alice", 500s);
    apply("alice", "s1", AccountingStatus::interim, 30s, 30s);
    must(store.users.remove(1, true));
    const auto today = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    BOOST_TEST(must(store.deadlines.claim(today, 100)).size() == 1U);
    const auto seen = must(store.deadlines.visit(UserTag::of(1), today));
    BOOST_TEST(!seen.exists);
    BOOST_TEST(seen.username == "alice");
    BOOST_REQUIRE(seen.sessions.size() == 1);
    BOOST_TEST(!seen.sessions[0].session.is_running);
    BOOST_TEST((seen.sessions[0].session.charged == 30s));
    BOOST_TEST((seen.sessions[0].session.ended == now + 30s));
    const auto later = must(store.deadlines.visit(UserTag::of(1), today + store.rules.stale_limit() + 60s));
    BOOST_TEST(later.sessions.empty());
}

BOOST_AUTO_TEST_CASE(a_user_may_have_a_stale_limit_of_his_own) {
    make_user("alice", 10'000s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    must(store.deadlines.schedule(claim_one(900s), visit(900s), now + 3600s, 3600s));
    BOOST_TEST((must(store.users.find(1)).account.balance_at(now + 2000s) == 8000s));
}

BOOST_AUTO_TEST_CASE(absurd_counters_are_applied_and_told) {
    make_user("alice", 10'000s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    BOOST_TEST(!apply("alice", "s1", AccountingStatus::interim, 60s, 90s).anomaly.has_value());
    const auto jumped = apply("alice", "s1", AccountingStatus::interim, 120s, 5000s);
    BOOST_TEST((jumped.anomaly == Anomaly::time_jumped));
    BOOST_TEST((jumped.charged == 4910s));
    const auto fell = apply("alice", "s1", AccountingStatus::interim, 180s, 180s);
    BOOST_TEST((fell.anomaly == Anomaly::time_fell));
    BOOST_TEST((fell.charged == 0s));
}

BOOST_AUTO_TEST_CASE(a_clamped_nas_charges_no_more_than_our_clock_and_a_tolerance) {
    make_user("alice", 10'000s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    auto absurd = report("alice", "s1", AccountingStatus::interim, 60s, 5000s);
    absurd.is_clamped = true;
    const auto applied = must(store.ledger.apply(absurd));
    BOOST_TEST((applied.charged == 60s + store::wall_clock_tolerance));
    BOOST_TEST((applied.uncovered == 5000s - applied.charged));
    absurd.received_at += 30s;
    BOOST_TEST((must(store.ledger.apply(absurd)).charged == 0s));
}

BOOST_AUTO_TEST_CASE(of_two_who_note_a_disconnect_one_goes_on) {
    make_user("alice", 100s);
    apply("alice", "s1", AccountingStatus::start, 0s);
    const store::Disconnect first{.outcome = store::DisconnectOutcome::requested,
                                  .requested_at = now,
                                  .by = "deadline",
                                  .reason = "exhausted",
                                  .attempts = 1,
                                  .next_attempt = now + 5s};
    const auto note = [&](std::optional<store::Disconnect> before, store::Disconnect after) {
        return error_of(store.sessions.note_disconnect(UserTag::of(1), 1, before, std::move(after)));
    };
    BOOST_TEST((note({}, first) == error_code()));
    BOOST_TEST((note({}, first) == Error::version_changed));
    BOOST_TEST((visit(0s).sessions.at(0).disconnect == first));
    auto refused = first;
    refused.outcome = store::DisconnectOutcome::refused;
    refused.answered_at = now + 1s;
    refused.error_cause = 503;
    BOOST_TEST((note(first, refused) == error_code()));
    BOOST_TEST((visit(0s).sessions.at(0).disconnect == refused));
}

BOOST_AUTO_TEST_SUITE_END()

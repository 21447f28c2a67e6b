// Sessions of which nothing was heard for too long: closed at the last proven second, and what comes after
// all still counts.
#include "tests/support/session_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::StaleClosing;
using store::UserTag;
using Outcome = store::Applied::Outcome;

namespace {

struct SilenceFixture : test::SessionFixture {
    SilenceFixture() { make_user("alice", 10'000s); }

    store::Session running_session() {
        return must(store.deadlines.visit(UserTag::of(1), now)).sessions.at(0).session;
    }
    StaleClosing close(const store::Session& session, std::chrono::seconds at) {
        return must(store.ledger.close_stale(UserTag::of(1), session, now + at));
    }
    // As the NAS counts, and when it arrived.
    store::Applied apply_late(AccountingStatus status, std::chrono::seconds at, std::chrono::seconds time,
                              std::chrono::seconds arrival) {
        auto late = report("alice", "s1", status, at, time);
        late.received_at = now + arrival;
        return must(store.ledger.apply(late));
    }
    std::vector<store::Session> sessions() { return must(store.ledger.sessions_of(1)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(silent_sessions, SilenceFixture)

BOOST_AUTO_TEST_CASE(one_ends_at_its_last_proven_second_and_a_late_stop_settles) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    apply("alice", "s1", AccountingStatus::interim, 60s, 60s);
    const auto session = running_session();
    BOOST_TEST((close(session, 960s) == StaleClosing::closed));
    BOOST_TEST((close(session, 960s) == StaleClosing::unchanged));
    BOOST_TEST((sessions().at(0).ended == now + 60s));
    const auto late = apply("alice", "s1", AccountingStatus::stop, 1000s, 80s);
    BOOST_TEST((late.charged == 20s));
    BOOST_TEST((late.balance == 9920s));
    BOOST_TEST((sessions().at(0).ended == now + 1000s));
}

BOOST_AUTO_TEST_CASE(one_that_was_heard_meanwhile_goes_on) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    const auto session = running_session();
    apply("alice", "s1", AccountingStatus::interim, 901s, 900s);
    BOOST_TEST((close(session, 902s) == StaleClosing::unchanged));
    BOOST_TEST(sessions().at(0).is_running);
}

BOOST_AUTO_TEST_CASE(an_interim_opens_it_again_with_a_deadline) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    const auto claims = must(store.deadlines.claim(now + 900s, 1));
    close(running_session(), 900s);
    must(store.deadlines.forget(claims.at(0)));
    const auto again = apply("alice", "s1", AccountingStatus::interim, 1000s, 1000s);
    BOOST_TEST((again.charged == 1000s));
    BOOST_TEST(sessions().at(0).is_running);
    BOOST_TEST(must(store.deadlines.claim(now + 1900s, 1)).size() == 1U);
}

// Closed by an operator, or because its NAS did not know it.
BOOST_AUTO_TEST_CASE(after_its_stop_its_id_is_free_at_once) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    close(running_session(), 1s);
    apply("alice", "s1", AccountingStatus::stop, 5s, 5s);
    BOOST_TEST((sessions().at(0).ended == now + 5s));
    BOOST_TEST((apply("alice", "s1", AccountingStatus::start, 8s).outcome == Outcome::opened));
}

// It was applied and not answered. The NAS sends no Event-Timestamp, so its time is a little off each time.
BOOST_AUTO_TEST_CASE(a_start_that_comes_again_is_no_new_stay) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    close(running_session(), 900s);
    BOOST_TEST((apply_late(AccountingStatus::start, 2s, 0s, 910s).outcome == Outcome::duplicate));
    BOOST_TEST((apply("alice", "s1", AccountingStatus::start, 910s).outcome == Outcome::opened));
    BOOST_TEST(sessions().size() == 2U);
}

// An Interim of before the restart, that was under way for long, would take the id from the next stay.
BOOST_AUTO_TEST_CASE(a_restart_of_the_nas_ends_it_for_good) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    close(running_session(), 900s);
    BOOST_TEST(must(store.ledger.close_sessions_of({"nas", now + 1000s, now + 1000s})) == 0U);
    const auto late = apply_late(AccountingStatus::interim, 30s, 30s, 1010s);
    BOOST_TEST((late.charged == 30s));
    BOOST_TEST(!sessions().at(0).is_running);
    BOOST_TEST((apply("alice", "s1", AccountingStatus::start, 1020s).outcome == Outcome::opened));
}

// An Accounting-On of an earlier restart comes again, late.
BOOST_AUTO_TEST_CASE(a_restart_of_before_it_began_does_not_concern_it) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    close(running_session(), 900s);
    must(store.ledger.close_sessions_of({"nas", now + 950s, now - 500s}));
    must(store.ledger.close_sessions_of({"nas", now + 1000s, now + 1000s}));
    apply_late(AccountingStatus::interim, 30s, 30s, 1010s);
    BOOST_TEST(!sessions().at(0).is_running);
}

// Some NASes say Accounting-On while their sessions go on.
BOOST_AUTO_TEST_CASE(an_interim_of_after_the_restart_opens_it_again) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    close(running_session(), 900s);
    must(store.ledger.close_sessions_of({"nas", now + 1000s, now + 1000s}));
    apply("alice", "s1", AccountingStatus::interim, 1030s, 1030s);
    BOOST_TEST(sessions().at(0).is_running);
}

BOOST_AUTO_TEST_CASE(what_a_nas_keeps_of_them_is_dropped_after_a_day) {
    apply("alice", "s1", AccountingStatus::start, 0s);
    close(running_session(), 900s);
    const auto kept = [&] { return redis({"ZCARD", store::keys::silent_sessions_of_nas("nas")}).integer(); };
    BOOST_TEST(kept() == 1);
    apply("alice", "s2", AccountingStatus::start, 90'000s);
    close(running_session(), 91'000s);
    redis({"PING"});
    BOOST_TEST(kept() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

// The index by which a NAS's sessions are found when it restarts may name what is gone, and never misses an
// open session, wherever a daemon dies between two steps.
#include "store/accounting_script.hpp"
#include "store/keys.hpp"
#include "store/session_text.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::UserTag;

namespace {

struct IndexFixture : test::StoreFixture {
    store::AccountingRecord report(AccountingStatus status, std::chrono::seconds at,
                                   std::chrono::seconds time = 0s) {
        store::AccountingRecord record;
        record.status = status;
        record.username = "alice";
        record.nas = "nas";
        record.session_id = "s1";
        record.received_at = now + at;
        record.event_time = now + at;
        record.session_time = time;
        return record;
    }

    void apply(AccountingStatus status, std::chrono::seconds at, std::chrono::seconds time = 0s) {
        must(store.ledger.apply(report(status, at, time)));
    }

    std::int64_t indexed() { return redis({"ZCARD", store::keys::sessions_of_nas("nas")}).integer(); }
    void lose_index() { redis({"DEL", store::keys::sessions_of_nas("nas")}); }
    std::uint64_t restart(std::chrono::seconds at) {
        return must(store.ledger.close_sessions_of({"nas", now + at, now + at}));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(nas_index, IndexFixture)

BOOST_AUTO_TEST_CASE(open_sessions_are_named_and_closed_ones_forgotten) {
    make_user("alice", 100s);
    apply(AccountingStatus::start, 0s);
    BOOST_TEST(indexed() == 1);
    apply(AccountingStatus::stop, 10s, 10s);
    BOOST_TEST(indexed() == 0);
    apply(AccountingStatus::start, 5s);  // late: the session is closed
    BOOST_TEST(indexed() == 0);
    apply(AccountingStatus::interim, 30s, 1s);  // closed: nothing opens
    BOOST_TEST(indexed() == 0);
}

BOOST_AUTO_TEST_CASE(an_interim_that_opens_is_indexed_before_it_is_answered) {
    make_user("alice", 100s);
    apply(AccountingStatus::interim, 10s, 10s);
    BOOST_TEST(indexed() == 1);
    BOOST_TEST(restart(20s) == 1U);
}

// The daemon died after the script and before the index: the NAS repeats, for it got no answer.
BOOST_AUTO_TEST_CASE(a_repeat_mends_the_index_that_a_dead_daemon_left_behind) {
    make_user("alice", 100s);
    store::Pipeline report_alone;
    store::add_report(report_alone, {UserTag::of(1), store::session_field("nas", "s1")},
                      report(AccountingStatus::interim, 10s, 10s), {.is_there = true}, {}, store.rules);
    must(store.redis.execute(std::move(report_alone)));
    BOOST_TEST(indexed() == 0);

    apply(AccountingStatus::interim, 10s, 10s);
    BOOST_TEST(indexed() == 1);
    lose_index();
    apply(AccountingStatus::interim, 20s, 20s);
    BOOST_TEST(indexed() == 0);  // the flag was taken off: later reports cost no more than the script
}

BOOST_AUTO_TEST_CASE(a_session_that_an_interim_reopened_is_named_again) {
    make_user("alice", 100s);
    apply(AccountingStatus::start, 0s);
    BOOST_TEST(restart(40s) == 1U);
    BOOST_TEST(indexed() == 0);
    apply(AccountingStatus::interim, 60s, 60s);
    BOOST_TEST(indexed() == 1);
}

// Another daemon may have been told at that moment that the session goes on, and have named it.
BOOST_AUTO_TEST_CASE(a_start_that_comes_again_leaves_a_session_named_that_may_go_on) {
    make_user("alice", 100s);
    apply(AccountingStatus::start, 0s);
    restart(40s);
    auto late = report(AccountingStatus::start, 0s);
    late.received_at = now + 50s;
    must(store.ledger.apply(late));
    BOOST_TEST(indexed() == 1);
    apply(AccountingStatus::stop, 60s, 60s);
    BOOST_TEST(indexed() == 0);
}

// A repeat of the old stay's Start says that its session is over, while the id is in use again.
BOOST_AUTO_TEST_CASE(a_late_repeat_from_an_earlier_stay_leaves_the_running_one_indexed) {
    make_user("alice", 100s);
    apply(AccountingStatus::start, 0s);
    apply(AccountingStatus::stop, 10s, 10s);
    apply(AccountingStatus::start, 20s);
    for (const auto status : {AccountingStatus::start, AccountingStatus::stop}) {
        auto late = report(status, status == AccountingStatus::start ? 0s : 10s, 0s);
        late.received_at = now + 100s;
        must(store.ledger.apply(late));
    }
    BOOST_TEST(indexed() == 1);
    BOOST_TEST(restart(200s) == 1U);
}

// Another worker's clock or queue: of two reports, the later arrival is applied first.
BOOST_AUTO_TEST_CASE(a_late_repeat_that_overtakes_the_next_stays_start_leaves_it_indexed) {
    make_user("alice", 100s);
    const auto repeats = {report(AccountingStatus::start, 0s), report(AccountingStatus::stop, 10s, 10s)};
    for (auto late : repeats) {
        apply(AccountingStatus::start, 0s);
        apply(AccountingStatus::stop, 10s, 10s);
        late.received_at = now + 21s;
        std::vector<awaitable<result<store::Applied>>> together;
        together.push_back(apply_later(late));
        together.push_back(apply_later(report(AccountingStatus::start, 20s)));
        BOOST_TEST(count_errors(run_all(std::move(together)), {}) == 2);
        BOOST_TEST(indexed() == 1);
        BOOST_TEST(restart(200s) == 1U);
        must(store.redis.execute(store::Pipeline().add({"DEL", store::keys::closed(UserTag::of(1))})));
    }
}

BOOST_AUTO_TEST_CASE(entries_of_sessions_that_are_gone_are_skipped_and_forgotten) {
    make_user("alice", 100s);
    apply(AccountingStatus::start, 0s);
    must(store.users.remove(1, true));
    BOOST_TEST(indexed() == 1);
    BOOST_TEST(restart(40s) == 0U);
    BOOST_TEST(indexed() == 0);
}

BOOST_AUTO_TEST_CASE(a_restart_closes_more_sessions_than_one_step_takes) {
    make_user("alice", 100s);
    constexpr int sessions = 1000;
    std::vector<awaitable<result<store::Applied>>> starts;
    for (int i = 0; i < sessions; ++i) {
        auto record = report(AccountingStatus::start, 0s);
        record.session_id = std::to_string(i);
        record.username = i % 2 ? "alice" : "nobody" + std::to_string(i);
        starts.push_back(apply_later(std::move(record)));
    }
    BOOST_TEST(count_errors(run_all(std::move(starts)), {}) == sessions);
    BOOST_TEST(indexed() == sessions);
    BOOST_TEST(restart(40s) == std::uint64_t{sessions});
    BOOST_TEST(indexed() == 0);
    BOOST_TEST(restart(40s) == 0U);
    BOOST_TEST(must(store.users.find_login("alice")).account.heard.empty());
}

BOOST_AUTO_TEST_CASE(marks_of_closed_sessions_are_swept_after_their_retention_and_not_before) {
    make_user("alice", 1000s);
    apply(AccountingStatus::start, 0s);
    apply(AccountingStatus::stop, 10s, 10s);
    const auto close_another = [&](std::string session_id, std::chrono::seconds at) {
        auto record = report(AccountingStatus::stop, at, 1s);
        record.session_id = std::move(session_id);
        must(store.ledger.apply(record));
    };
    close_another("s2", store::LedgerRules().retention + 10s);
    BOOST_TEST(must(store.ledger.sessions_of(1)).size() == 2U);
    close_another("s3", store::LedgerRules().retention + 30min);  // swept within the hour before
    BOOST_TEST(must(store.ledger.sessions_of(1)).size() == 3U);
    close_another("s4", store::LedgerRules().retention + 2h);
    BOOST_TEST(must(store.ledger.sessions_of(1)).size() == 3U);
    BOOST_TEST((must(store.users.find(1)).account.settled() == store::Balance(987s)));
}

BOOST_AUTO_TEST_SUITE_END()

// Reports of many users in one transaction: each counts once, whoever else writes to the same users at the
// same moment, and whatever becomes of the connection.
#include "tests/support/session_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;

namespace {

constexpr std::size_t users_count = 300;
static_assert(users_count > store::ReportBatches::reports_max);
constexpr int rounds = 15;
constexpr store::Seconds given{1'000'000};
constexpr store::Seconds step{10};

struct Batches : test::SessionFixture {
    std::vector<store::UserId> users;

    Batches() {
        std::vector<awaitable<result<store::User>>> creating;
        for (std::size_t i = 0; i < users_count; ++i)
            creating.push_back(store.users.create(
                {
                    {"username",     name(i) },
                    {"password",     "secret"},
                    {"organization", "1"     }
            },
                given, "test", now));
        for (const auto& user : run_all(std::move(creating)))
            users.push_back(user.value().id);
    }

    static std::string name(std::size_t user) { return "user" + std::to_string(user); }

    // One report of each user's session, of all users at once.
    std::vector<awaitable<result<store::Applied>>> reports(store::Ledger& ledger, const std::string& session,
                                                           AccountingStatus status, store::Seconds time) {
        std::vector<awaitable<result<store::Applied>>> tasks;
        for (std::size_t i = 0; i < users_count; ++i)
            tasks.push_back(apply_later(ledger, report(name(i), session, status, time, time)));
        return tasks;
    }

    store::Seconds consumed_by(store::UserId user) {
        return store::Seconds(
            redis({"HGET", store::keys::account(store::UserTag::of(user)), "consumed"}).integer());
    }
};

struct TwoWorkers : Batches {
    store::Store other{loop, store::RedisAddress::parse(server.address()), secrets, log};

    TwoWorkers() {
        other.redis.start();
        BOOST_REQUIRE(run(other.redis.wait_until_ready(test::ready_limit)));
    }
    ~TwoWorkers() {
        other.redis.stop();
        loop.restart();
        loop.poll();
    }

    void start_both() {
        run_all(reports(store.ledger, "ours", AccountingStatus::start, 0s));
        run_all(reports(other.ledger, "theirs", AccountingStatus::start, 0s));
    }
    // All at once, of the same users.
    std::vector<awaitable<result<store::Applied>>> interims_of_both(store::Seconds time) {
        auto tasks = reports(store.ledger, "ours", AccountingStatus::interim, time);
        std::ranges::move(reports(other.ledger, "theirs", AccountingStatus::interim, time),
                          std::back_inserter(tasks));
        return tasks;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(report_batches, Batches)

BOOST_AUTO_TEST_CASE(what_arrives_together_is_written_together) {
    const auto& counts = store.report_batches.counts();
    for (const auto& opened : run_all(reports(store.ledger, "s", AccountingStatus::start, 0s)))
        BOOST_TEST((opened.value().outcome == store::Applied::Outcome::opened));
    const auto batches = counts.batches.load();
    BOOST_TEST(counts.in_batches == users_count);
    BOOST_TEST(batches <= 2 + users_count / store::ReportBatches::reports_max);

    for (const auto& updated : run_all(reports(store.ledger, "s", AccountingStatus::interim, step)))
        BOOST_TEST((updated.value().charged == step && updated.value().balance == given - step));
    for (const auto& closed : run_all(reports(store.ledger, "s", AccountingStatus::stop, 2 * step)))
        BOOST_TEST((closed.value().outcome == store::Applied::Outcome::closed));
    BOOST_TEST(counts.in_batches == 3 * users_count);
    BOOST_TEST(counts.by_script == 0);
}

BOOST_AUTO_TEST_CASE(several_sessions_of_one_user_count_one_after_the_other) {
    constexpr int sessions = 5;
    for (int round = 0; round <= 3; ++round) {
        std::vector<awaitable<result<store::Applied>>> tasks;
        for (int session = 0; session < sessions; ++session)
            tasks.push_back(
                apply_later(report(name(0), std::to_string(session),
                                   round == 0 ? AccountingStatus::start : AccountingStatus::interim,
                                   round * step, round * step)));
        for (const auto& applied : run_all(std::move(tasks)))
            BOOST_TEST(applied.has_value());
    }
    BOOST_TEST(consumed_by(users[0]).count() == (sessions * 3 * step).count());
}

// The script would meet it too: what is wrong with one account does not concern the others.
BOOST_AUTO_TEST_CASE(a_damaged_account_spoils_nobody_elses_report) {
    run_all(reports(store.ledger, "s", AccountingStatus::start, 0s));
    redis({"DEL", store::keys::account(store::UserTag::of(users[7]))});
    redis({"SET", store::keys::account(store::UserTag::of(users[7])), "damage"});
    const auto outcomes = run_all(reports(store.ledger, "s", AccountingStatus::interim, step));
    BOOST_TEST(count_errors(outcomes, store::Error::unavailable) == 1);
    for (std::size_t i = 0; i < users_count; ++i)
        if (i != 7) BOOST_TEST((outcomes[i].value().charged == step));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(report_batches_of_two_workers, TwoWorkers)

BOOST_AUTO_TEST_CASE(what_changes_under_a_batch_is_not_written_over) {
    start_both();
    for (int round = 1; round <= rounds; ++round) {
        for (const auto& applied : run_all(interims_of_both(round * step)))
            BOOST_TEST((applied.value().charged == step));
    }
    BOOST_TEST(store.report_batches.counts().conflicts + other.report_batches.counts().conflicts > 0);
    for (const auto user : users)
        BOOST_TEST(consumed_by(user).count() == (2 * rounds * step).count());
}

// Between reading and writing the connection may be another, which watches nothing.
BOOST_AUTO_TEST_CASE(a_connection_that_is_lost_under_a_batch_loses_and_doubles_nothing) {
    start_both();
    for (int round = 1; round <= rounds; ++round) {
        auto tasks = interims_of_both(round * step);
        other.redis.send(store::Pipeline().add({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"}));
        run_all(std::move(tasks));
        wait_until_ready();
        BOOST_REQUIRE(run(other.redis.wait_until_ready(test::ready_limit)));
        for (auto* const ledger : {&store.ledger, &other.ledger}) {
            const auto* const session = ledger == &store.ledger ? "ours" : "theirs";
            for (const auto& repeated :
                 run_all(reports(*ledger, session, AccountingStatus::interim, round * step)))
                BOOST_TEST(repeated.has_value());
        }
    }
    for (const auto user : users)
        BOOST_TEST(consumed_by(user).count() == (2 * rounds * step).count());
}

BOOST_AUTO_TEST_SUITE_END()

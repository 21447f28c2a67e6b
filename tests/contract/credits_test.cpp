// Credits: each counts once, whatever is repeated, reordered or killed, and the statement proves the balance.
#include "store/keys.hpp"
#include "tests/support/statements.hpp"
#include "tests/support/store_fixture.hpp"
#include "tests/support/story.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::Error;
using test::check;
using test::sums_of;

namespace {

struct CreditsFixture : test::StoreFixture {
    store::NewCredit credit(std::chrono::seconds seconds, std::string key = "") const {
        return {.user = 1,
                .seconds = seconds,
                .reason = "paid",
                .source = "token 3 (billing)",
                .idempotency_key = std::move(key),
                .now = now};
    }

    std::int64_t balance() { return must(store.users.find(1)).account.settled().value().count(); }

    // One after another, whatever becomes of them; in the end the last outcome.
    awaitable<result<store::Credit>> send(std::vector<std::string> keys, bool kills_redis) {
        result<store::Credit> last = Error::not_found;
        for (auto& key : keys)
            last = co_await store.credits.add(credit(10s, std::move(key)));
        if (kills_redis) {
            server.kill();
            server.start();
        }
        co_return last;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(credits, CreditsFixture)

BOOST_AUTO_TEST_CASE(credits_and_debits_move_the_balance_and_stop_at_zero) {
    check(R"(
        user alice balance 100
        credit +50 reason=paid         -> number=2 before=100 after=150
        credit -150                    -> number=3 before=150 after=0
        credit -1                      -> insufficient
        credit +0                      -> before=0 after=0
        credit +4503599627370496       -> after=4503599627370496
        credit +1                      -> excessive
        expect balance 4503599627370496
    )");
}

BOOST_AUTO_TEST_CASE(a_user_who_is_not_metered_takes_no_credit) {
    check(R"(
        user alice balance none
        credit +50                     -> not_metered
        expect balance none
        set balance 10
        credit +50                     -> before=10 after=60
        set balance none
        credit +50                     -> not_metered
    )");
}

BOOST_AUTO_TEST_CASE(a_credit_adds_while_sessions_burn) {
    check(R"(
        user alice balance 100
        at 60  interim s1 time=60      -> opened charged=60
        credit +30                     -> before=40 after=70
        at 160 interim s1 time=160     -> updated charged=70 uncovered=30 balance=0
        credit +30                     -> before=0 after=30
        at 170 stop s1 time=170        -> closed charged=10 balance=20
    )");
}

BOOST_AUTO_TEST_CASE(the_same_key_gives_the_same_reply_and_credits_nothing) {
    check(R"(
        user alice balance 100
        credit +50 key=a reason=paid           -> number=2 before=100 after=150
        credit +50 key=b reason=paid           -> number=3 before=150 after=200
        credit +50 key=a reason=paid           -> number=2 before=100 after=150
        credit +50 key=a reason=paid at=86400  -> number=2 before=100 after=150
        credit +51 key=a reason=paid           -> key_reused
        credit +50 key=a reason=gift           -> key_reused
        credit -50 key=a reason=paid           -> key_reused
        credit +50 key=a                       -> key_reused
        expect balance 200
    )");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_remembered_like_a_credit) {
    check(R"(
        user alice balance 100
        credit -101 key=a              -> insufficient
        credit +50                     -> after=150
        credit -101 key=a              -> insufficient
        credit -101 key=b              -> after=49
    )");
}

BOOST_AUTO_TEST_CASE(keys_are_forgotten_after_their_retention_and_not_before) {
    check(R"(
        user alice balance 100
        credit +50 key=a at=0          -> number=2
        credit +1  key=b at=604800     -> number=3
        credit +50 key=a at=604800     -> number=2
        credit +1  key=c at=608401     -> number=4
        credit +50 key=a at=608402     -> number=5
        credit +1  key=b at=608403     -> number=3
    )");
}

BOOST_AUTO_TEST_CASE(no_credit_is_lost_or_doubled_when_redis_dies) {
    check(R"(
        user alice balance 100
        credit +50 key=a               -> number=2
        redis dies
        credit +50 key=a               -> number=2
        expect balance 150
        redis forgets its scripts
        credit +50 key=a               -> number=2
        credit -20 key=b               -> number=3 after=130
        redis dies
        credit -20 key=b               -> number=3 after=130
        expect balance 130
    )");
}

// After closed_session_retention a session is gone, and the money it took is not.
BOOST_AUTO_TEST_CASE(forgotten_sessions_leave_their_sum_in_the_statement) {
    check(R"(
        user alice balance 1000
        at 100 stop s1 time=100                -> closed charged=100
        at 200 stop s2 time=50                 -> closed charged=50
        at 7776101 stop s3 time=10             -> closed charged=10
        expect sessions 2
        expect forgotten 100
        at 7780000 stop s4 time=10             -> closed charged=10
        expect sessions 2
        expect forgotten 150
        expect balance 830
    )");
}

BOOST_AUTO_TEST_CASE(concurrent_credits_and_debits_all_count) {
    make_user("alice", 1000s);
    std::vector<awaitable<result<store::Credit>>> changes;
    for (int i = 0; i < 100; ++i)
        changes.push_back(store.credits.add(credit(i % 2 == 0 ? 7s : -3s)));
    const auto outcomes = run_all(std::move(changes));
    BOOST_TEST(count_errors(outcomes, {}) == 100);
    BOOST_TEST(balance() == 1000 + 50 * 7 - 50 * 3);
    const auto statement = statement_of(1, 20);
    BOOST_TEST(statement.entries.size() == 101U);
    BOOST_TEST(sums_of(statement).credited == balance());
}

BOOST_AUTO_TEST_CASE(of_debits_at_once_only_what_the_balance_covers_is_taken) {
    make_user("alice", 100s);
    std::vector<awaitable<result<store::Credit>>> debits;
    for (int i = 0; i < 30; ++i)
        debits.push_back(store.credits.add(credit(-10s)));
    const auto outcomes = run_all(std::move(debits));
    BOOST_TEST(count_errors(outcomes, {}) == 10);
    BOOST_TEST(count_errors(outcomes, Error::insufficient_balance) == 20);
    BOOST_TEST(balance() == 0);
}

BOOST_AUTO_TEST_CASE(one_key_sent_many_times_at_once_counts_once) {
    make_user("alice", 100s);
    std::vector<awaitable<result<store::Credit>>> repeats;
    for (int i = 0; i < 50; ++i)
        repeats.push_back(store.credits.add(credit(10s, "3 order-1")));
    for (const auto& outcome : run_all(std::move(repeats))) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->number == 2U);
        BOOST_TEST((outcome->after == store::Balance(110s)));
    }
    BOOST_TEST(balance() == 110);
}

// Some were acknowledged, some done and not answered, some never arrived; their senders repeat them all.
BOOST_AUTO_TEST_CASE(credits_in_flight_when_redis_dies_are_repeated_without_harm) {
    constexpr int senders = 20;
    constexpr int credits_each = 10;
    make_user("alice", 1000s);
    for (int round = 1; round <= 3; ++round) {
        std::vector<std::string> all_keys;
        std::vector<awaitable<result<store::Credit>>> sending;
        for (int sender = 0; sender < senders; ++sender) {
            const bool kills_redis = sender == senders - 1;
            std::vector<std::string> keys;
            for (int i = 0; i < (kills_redis ? credits_each / 2 : credits_each); ++i)
                keys.push_back(std::to_string(round) + "-" + std::to_string(sender) + "-" +
                               std::to_string(i));
            all_keys.insert(all_keys.end(), keys.begin(), keys.end());
            sending.push_back(send(std::move(keys), kills_redis));
        }
        const auto outcomes = run_all(std::move(sending));
        BOOST_TEST(count_errors(outcomes, Error::unavailable) > 0);

        wait_until_ready();
        for (const auto& key : all_keys)
            until_acknowledged([&] { return store.credits.add(credit(10s, key)); });
        BOOST_TEST(balance() == 1000 + round * 10 * (senders * credits_each - credits_each / 2));
    }
    BOOST_TEST(sums_of(statement_of(1, 100)).credited == balance());
}

BOOST_AUTO_TEST_CASE(a_credit_keeps_who_when_and_why) {
    make_user("alice", 100s);
    auto sent = credit(50s);
    sent.reason = "17:paid\nin cash";
    sent.source = "token 3 (a:b c)";
    const auto added = must(store.credits.add(sent));
    BOOST_TEST(added.reason == sent.reason);
    BOOST_TEST(added.source == sent.source);
    BOOST_TEST((added.time == now));
    const auto listed = must(store.credits.list(1, {.offset = 0, .limit = 10}));
    BOOST_TEST(listed.count == 2U);
    BOOST_TEST(listed.items.at(0).reason == sent.reason);
    BOOST_TEST(listed.items.at(1).reason == "created");
    BOOST_TEST(!listed.items.at(1).before.has_value());
}

BOOST_AUTO_TEST_CASE(credits_are_listed_newest_first_page_by_page) {
    make_user("alice", 0s);
    for (int i = 0; i < 4; ++i)
        must(store.credits.add(credit(1s)));
    const auto numbers = [&](std::uint64_t offset, std::uint64_t limit) {
        const auto page = must(store.credits.list(1, {.offset = offset, .limit = limit}));
        BOOST_TEST(page.count == 5U);
        std::string text;
        for (const auto& each : page.items)
            text += std::to_string(each.number);
        return text;
    };
    BOOST_TEST(numbers(0, 10) == "54321");
    BOOST_TEST(numbers(0, 2) == "54");
    BOOST_TEST(numbers(4, 2) == "1");
    BOOST_TEST(numbers(5, 2).empty());
    BOOST_TEST(numbers(6, 2).empty());
}

BOOST_AUTO_TEST_CASE(nobody_is_credited_and_a_removed_user_leaves_no_key_behind) {
    BOOST_TEST((error_of(store.credits.add(credit(1s, "a"))) == Error::not_found));
    make_user("alice", 0s);
    must(store.credits.add(credit(1s, "a")));
    must(store.users.remove(1, false));
    BOOST_TEST((error_of(store.credits.add(credit(1s, "a"))) == Error::not_found));
    BOOST_TEST(redis({"EXISTS", store::keys::idempotency(store::UserTag::of(1))}).integer() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

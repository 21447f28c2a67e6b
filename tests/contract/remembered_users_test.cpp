// Users from memory: whatever is written, by whomever, a login that was sent after the write was answered
// sees it.
#include "tests/support/memory_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::Error;
using store::LoginUser;
using test::MemoryFixture;

BOOST_FIXTURE_TEST_SUITE(remembered_users, MemoryFixture)

BOOST_AUTO_TEST_CASE(who_has_logged_in_is_remembered_as_redis_has_him) {
    make_user("alice", 100s);
    BOOST_TEST(!recall("alice"));
    remember("alice");
    const auto* const user = recall("alice");
    const auto in_redis = must(store.users.find_login("alice"));
    BOOST_TEST(user->id == in_redis.id);
    BOOST_TEST(user->username == "alice");
    BOOST_TEST((user->password == std::string_view(in_redis.password)));
    BOOST_TEST(user->organization == in_redis.organization);
    BOOST_TEST((user->account.settled() == store::Balance(100s)));
    BOOST_TEST(!recall("bob"));
    BOOST_TEST(!recall({"alice", "", {2}}));
}

// Each of them is in force for whoever asks next, though nothing of the loop has run since.
BOOST_AUTO_TEST_CASE(whatever_is_written_to_a_user_is_in_force_at_his_next_login) {
    make_user("alice", 100s);
    struct Write {
        const char* what;
        std::function<void()> write;
        std::function<bool(const LoginUser&)> is_in_force;
    };
    // Reports go without a barrier behind them, so that a login may be faster by a moment: not behind a round
    // trip.
    const auto report = [&](AccountingStatus status, std::chrono::seconds time) {
        apply("alice", "s1", status, time, time);
        redis({"PING"});
    };
    const std::vector<Write> writes{
        {"password",     [&] { change(1, "password", "other"); },
         [](auto& user) { return user.password == "other"; }                                                          },
        {"expiration",   [&] { change(1, "expiration", "5"); },
         [](auto& user) { return user.expiration.has_value(); }                                                       },
        {"profile",      [&] { change(1, "profile", "[\"gold\"]"); },
         [](auto& user) { return user.profiles == std::vector<std::string>{"gold"}; }                                 },
        {"klass",        [&] { change(1, "klass", "k"); },                [](auto& user) { return user.klass == "k"; }},
        {"organization", [&] { change(1, "organization", "7"); },
         [](auto& user) { return user.organization == 7; }                                                            },
        {"balance",      [&] { set_balance(1, 50s); },
         [](auto& user) { return user.account.settled() == store::Balance(50s); }                                     },
        {"credit",       [&] { add_credit(1, 30s); },
         [](auto& user) { return user.account.settled() == store::Balance(80s); }                                     },
        {"start",        [&] { report(AccountingStatus::start, 0s); },
         [](auto& user) { return user.account.heard.size() == 1; }                                                    },
        {"interim",      [&] { report(AccountingStatus::interim, 10s); },
         [](auto& user) { return user.account.settled() == store::Balance(70s); }                                     },
        {"stop",         [&] { report(AccountingStatus::stop, 20s); },
         [](auto& user) {
             return user.account.heard.empty() && user.account.settled() == store::Balance(60s);
         }                                                                                                            },
        {"not metered",  [&] { set_balance(1, std::nullopt); },
         [](auto& user) { return !user.account.credited; }                                                            },
        {"deactivation", [&] { change(1, "is_active", "0"); },            [](auto& user) { return !user.is_active; }  },
    };
    for (const auto& write : writes) {
        remember("alice");
        BOOST_TEST(!write.is_in_force(*recall("alice")), write.what);
        write.write();
        const auto* const user = recall("alice");
        BOOST_TEST((!user || write.is_in_force(*user)), write.what);
        BOOST_TEST(write.is_in_force(log_in("alice")), write.what);
        BOOST_REQUIRE(recall("alice"));
        BOOST_TEST(write.is_in_force(*recall("alice")), write.what);
    }
}

BOOST_AUTO_TEST_CASE(what_the_worker_writes_itself_is_in_force_too) {
    make_user("alice", 100s);
    remember("alice");
    const auto report = this->report("alice", "s1", AccountingStatus::interim, 10s, 10s);
    must(worker.ledger.apply(report));
    BOOST_TEST(!recall("alice"));
    remember("alice");
    BOOST_TEST((recall("alice")->account.settled() == store::Balance(90s)));
}

BOOST_AUTO_TEST_CASE(who_was_removed_is_not_remembered) {
    make_user("alice");
    remember("alice");
    must(store.users.remove(1, false));
    BOOST_TEST(!recall("alice"));
    BOOST_TEST((error_of(worker.users.find_login("alice")) == Error::not_found));
    make_user("alice");
    remember("alice");
    BOOST_TEST(recall("alice")->id == 2);
}

BOOST_AUTO_TEST_CASE(a_name_that_goes_from_one_to_another_is_his_who_has_it) {
    make_user("alice");
    make_user("carol");
    remember("alice");
    remember("carol");
    change(1, "username", "bob");
    change(2, "username", "alice");
    BOOST_TEST(!recall("alice"));
    BOOST_TEST(!recall("carol"));
    remember("bob");
    BOOST_TEST(!recall("alice"));
    remember("alice");
    BOOST_TEST(recall("alice")->id == 2);
    BOOST_TEST(recall("bob")->id == 1);
    BOOST_TEST((error_of(worker.users.find_login("carol")) == Error::not_found));
}

BOOST_AUTO_TEST_CASE(another_spelling_means_whom_it_means_in_redis) {
    make_user("ben");
    const store::SoughtUser sought{"Ben", "ben"};
    must(worker.users.find_login(sought));
    BOOST_REQUIRE(recall(sought));
    BOOST_TEST(recall(sought)->username == "ben");
    BOOST_TEST(!recall("Ben"));
    change(1, "username", "benjamin");
    BOOST_TEST(!recall(sought));
}

BOOST_AUTO_TEST_CASE(other_rules_for_accounts_leave_none_that_was_read_by_the_old_ones) {
    make_user("alice", 100s);
    remember("alice");
    worker.rules.interim_interval = 100s;
    BOOST_TEST(!recall("alice"));
    remember("alice");
    BOOST_TEST((recall("alice")->account.stale_limit == 300s));
}

// The account is read alone, beside a record that is remembered.
BOOST_AUTO_TEST_CASE(of_who_has_reported_the_account_is_read_and_is_as_in_redis) {
    make_user("alice", 100s);
    remember("alice");
    apply("alice", "s1", AccountingStatus::interim, 10s, 10s);
    redis({"PING"});
    BOOST_REQUIRE(!recall("alice"));
    BOOST_REQUIRE(recall_record("alice"));
    const auto records_read = calls_of("hmget");
    complete("alice");
    BOOST_TEST(calls_of("hmget") == records_read);
    BOOST_REQUIRE(recall("alice"));
    BOOST_TEST((recall("alice")->account.settled() == store::Balance(90s)));
    BOOST_TEST(recall("alice")->account.heard.size() == 1U);
    BOOST_TEST((recall("alice")->password == "secret"));

    apply("alice", "s1", AccountingStatus::interim, 20s, 20s);  // is heard again
    redis({"PING"});
    BOOST_TEST(!recall("alice"));
    change(1, "klass", "k");
    BOOST_TEST(!recall_record("alice"));
    complete("alice");
    BOOST_TEST(!recall("alice"));
    BOOST_TEST(log_in("alice").klass.value() == "k");
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_has_costs_redis_what_a_known_one_does_with_memory_too) {
    make_user("alice");
    const auto calls = [&] {
        return std::vector{calls_of("hmget"), calls_of("hgetall"), calls_of("client|caching")};
    };
    const auto cost = [&](const std::string& name) {
        const auto before = calls();
        run(worker.users.find_login(name));
        auto cost = calls();
        for (std::size_t i = 0; i < cost.size(); ++i)
            cost[i] -= before[i];
        return cost;
    };
    const std::vector<std::int64_t> one_user{1, 1, 2};
    for (int login = 1; login <= 3; ++login) {
        BOOST_TEST(cost("alice") == one_user, boost::test_tools::per_element());
        BOOST_TEST(cost("stranger") == one_user, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()

// Users from memory: whatever is written, by whomever, and whatever becomes of the connections, a login that was
// sent after the write was answered sees it.
#include "store/keys.hpp"
#include "tests/support/session_fixture.hpp"

#include <hiredis/hiredis.h>

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::Error;
using store::LoginUser;
using store::Pipeline;
using store::UserTag;

namespace {

constexpr std::size_t users_remembered = 1000;

// `store` writes, `worker` remembers.
struct MemoryFixture : test::SessionFixture {
    explicit MemoryFixture(std::vector<std::string> redis_arguments = {})
        : SessionFixture(std::move(redis_arguments)) {
        worker.connect();
        wait_until_sure();
    }
    ~MemoryFixture() {
        worker.disconnect();
        loop.restart();
        loop.poll();
    }
    MemoryFixture(const MemoryFixture&) = delete;
    MemoryFixture& operator=(const MemoryFixture&) = delete;

    awaitable<bool> become_sure() {
        const auto deadline = std::chrono::steady_clock::now() + test::ready_limit;
        boost::asio::steady_timer pause(loop);
        while (!worker.remembered_users.is_sure() && std::chrono::steady_clock::now() < deadline) {
            pause.expires_after(1ms);
            co_await pause.async_wait(boost::asio::use_awaitable);
        }
        co_return worker.remembered_users.is_sure();
    }
    void wait_until_sure() { BOOST_REQUIRE(run(become_sure())); }

    // As the server does when a login has arrived.
    const LoginUser* recall(const store::SoughtUser& sought) {
        worker.users.hear_changes();
        return worker.users.recall_login(sought);
    }
    const LoginUser* recall(std::string name) { return recall(store::SoughtUser{std::move(name)}); }
    LoginUser log_in(std::string name) { return must(worker.users.find_login(std::move(name))); }
    void remember(const std::string& name) {
        log_in(name);
        BOOST_REQUIRE(recall(name));
    }
    void change(store::UserId id, std::string field, std::string value) {
        must(store.users.change(id,
                                {
                                    {std::move(field), std::move(value)}
        },
                                {}, "test", now));
    }
    void add_credit(store::UserId id, store::Seconds seconds) {
        store::NewCredit credit;
        credit.user = id;
        credit.seconds = seconds;
        credit.now = now;
        must(store.credits.add(std::move(credit)));
    }
    void set_balance(store::UserId id, store::Balance balance) {
        must(store.users.change(id, {}, balance, "test", now));
    }

    store::Store worker{loop, store::RedisAddress::parse(server.address()), secrets, log, users_remembered};
};

// A client that does not need the loop.
class Blocking {
public:
    explicit Blocking(const std::string& address)
        : context_(redisConnectUnix(address.substr(std::string("unix://").size()).c_str())) {
        if (!context_ || context_->err != 0) throw std::runtime_error("no Redis");
    }
    ~Blocking() { redisFree(context_); }
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;

    void command(const char* text) { freeReplyObject(redisCommand(context_, text)); }

private:
    redisContext* context_;
};

}  // namespace

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
    const auto report = [&](AccountingStatus status, std::chrono::seconds time) {
        apply("alice", "s1", status, time, time);
    };
    const std::vector<Write> writes{
        {"password",      [&] { change(1, "password", "other"); },       [](auto& user) { return user.password == "other"; }},
        {"expiration",    [&] { change(1, "expiration", "5"); },         [](auto& user) { return user.expiration.has_value(); }},
        {"profile",       [&] { change(1, "profile", "[\"gold\"]"); },   [](auto& user) { return user.profile == "[\"gold\"]"; }},
        {"klass",         [&] { change(1, "klass", "k"); },              [](auto& user) { return user.klass == "k"; }},
        {"organization",  [&] { change(1, "organization", "7"); },       [](auto& user) { return user.organization == 7; }},
        {"balance",       [&] { set_balance(1, 50s); },                  [](auto& user) { return user.account.settled() == store::Balance(50s); }},
        {"credit",        [&] { add_credit(1, 30s); },
                                                                         [](auto& user) { return user.account.settled() == store::Balance(80s); }},
        {"start",         [&] { report(AccountingStatus::start, 0s); },  [](auto& user) { return user.account.heard.size() == 1; }},
        {"interim",       [&] { report(AccountingStatus::interim, 10s); }, [](auto& user) { return user.account.settled() == store::Balance(70s); }},
        {"stop",          [&] { report(AccountingStatus::stop, 20s); },  [](auto& user) { return user.account.heard.empty() && user.account.settled() == store::Balance(60s); }},
        {"not metered",   [&] { set_balance(1, std::nullopt); },         [](auto& user) { return !user.account.credited; }},
        {"deactivation",  [&] { change(1, "is_active", "0"); },          [](auto& user) { return !user.is_active; }},
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
    auto report = this->report("alice", "s1", AccountingStatus::interim, 10s, 10s);
    must(worker.ledger.apply(std::move(report)));
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

BOOST_AUTO_TEST_CASE(an_emptied_redis_leaves_nobody_in_memory) {
    make_user("alice");
    remember("alice");
    redis({"FLUSHALL"});
    redis({"PING"});
    BOOST_TEST(!recall("alice"));
    BOOST_TEST((error_of(worker.users.find_login("alice")) == Error::not_found));
}

// Redis answers the read, then executes the write; we hear of the write first.
BOOST_AUTO_TEST_CASE(a_reply_that_a_change_overtakes_is_not_kept) {
    make_user("alice", 100s);
    log_in("alice");
    change(1, "klass", "forgotten");
    BOOST_REQUIRE(!recall("alice"));
    server.freeze();
    bool is_answered = false;
    boost::asio::co_spawn(loop, worker.users.find_login("alice"),
                          [&](const std::exception_ptr&, const result<LoginUser>&) { is_answered = true; });
    loop.restart();
    loop.poll();  // the read is sent
    server.unfreeze();
    Blocking other(server.address());
    other.command("PING");
    other.command("HSET hg:{1}:account credited 5");
    other.command("PING");
    BOOST_TEST(!is_answered);
    BOOST_TEST(!recall("alice"));
    while (!is_answered)
        loop.run_one();
    BOOST_TEST(!recall("alice"));
    BOOST_TEST((log_in("alice").account.settled() == store::Balance(5s)));
}

BOOST_AUTO_TEST_CASE(when_the_connection_that_hears_changes_ends_all_is_forgotten_and_it_begins_anew) {
    make_user("alice");
    for (int time = 1; time <= 3; ++time) {
        remember("alice");
        redis({"CLIENT", "KILL", "TYPE", "pubsub"});
        change(1, "klass", "unheard " + std::to_string(time));
        BOOST_TEST(!recall("alice"));
        BOOST_TEST(log_in("alice").klass.value() == "unheard " + std::to_string(time));
        wait_until_sure();
        BOOST_TEST(!recall("alice"));
    }
    remember("alice");
}

// Redis tells nothing to whom it does not read with any more; the other connection knows nothing of it.
BOOST_AUTO_TEST_CASE(when_the_connection_that_reads_ends_all_is_forgotten_and_it_begins_anew) {
    make_user("alice");
    for (int time = 1; time <= 3; ++time) {
        remember("alice");
        Blocking other(server.address());
        other.command("CLIENT KILL TYPE normal SKIPME yes");
        other.command("HSET hg:{1}:user klass unheard");
        other.command("PING");
        BOOST_TEST(!recall("alice"));
        wait_until_ready();
        wait_until_sure();
        BOOST_TEST(!recall("alice"));
        BOOST_TEST(log_in("alice").klass.value() == "unheard");
        change(1, "klass", "heard");
    }
    remember("alice");
    change(1, "klass", "changed");
    BOOST_TEST(!recall("alice"));
}

BOOST_AUTO_TEST_CASE(while_redis_is_away_nobody_comes_from_memory) {
    make_user("alice");
    remember("alice");
    server.kill();
    BOOST_TEST(!recall("alice"));
    BOOST_TEST((error_of(worker.users.find_login("alice")) == Error::unavailable));
    server.start();
    wait_until_sure();
    BOOST_TEST(!recall("alice"));
    remember("alice");
}

BOOST_AUTO_TEST_CASE(changes_in_such_numbers_that_some_may_be_missing_wait_for_the_rest) {
    make_user("alice");
    remember("alice");
    Blocking other(server.address());
    const auto length = store::RememberedUsers::backlog_octets / 2;
    const auto long_name = std::string(length, 'x');
    for (int i = 0; i < 4; ++i)
        other.command(("PUBLISH __redis__:invalidate " + long_name).c_str());
    BOOST_TEST(!recall("alice"));
    BOOST_TEST(!worker.remembered_users.is_sure());
    wait_until_sure();
    BOOST_TEST(recall("alice"));
}

BOOST_AUTO_TEST_CASE(other_rules_for_accounts_leave_none_that_was_read_by_the_old_ones) {
    make_user("alice", 100s);
    remember("alice");
    worker.rules.interim_interval = 100s;
    BOOST_TEST(!recall("alice"));
    remember("alice");
    BOOST_TEST((recall("alice")->account.stale_limit == 300s));
}

BOOST_AUTO_TEST_CASE(a_worker_that_remembers_nobody_has_no_second_connection) {
    make_user("alice");
    must(store.users.find_login("alice"));
    BOOST_TEST(!store.users.recall_login({"alice"}));
    BOOST_TEST(!store.remembered_users.is_sure());
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_has_costs_redis_what_a_known_one_does_with_memory_too) {
    make_user("alice");
    const auto calls = [&] {
        std::vector<std::int64_t> counts;
        const auto stats = std::string(redis({"INFO", "commandstats"}).text());
        for (const std::string command : {"hmget", "hgetall", "client|caching"}) {
            const auto at = stats.find("cmdstat_" + command + ":calls=");
            counts.push_back(at == std::string::npos ? 0 : std::stoll(stats.substr(stats.find('=', at) + 1)));
        }
        return counts;
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

struct SmallTableFixture : MemoryFixture {
    SmallTableFixture() : MemoryFixture({"--tracking-table-max-keys", "2"}) {}
};

// What Redis can no longer watch for us it calls changed.
BOOST_FIXTURE_TEST_CASE(where_redis_has_no_room_to_watch_users_fewer_are_remembered, SmallTableFixture) {
    for (const auto* const name : {"a", "b", "c", "d", "e"})
        make_user(name);
    for (int round = 0; round < 20; ++round) {
        int remembered = 0;
        for (store::UserId id = 1; id <= 5; ++id) {
            log_in(std::string(1, static_cast<char>('a' + id - 1)));
            redis({"PING"});
        }
        for (store::UserId id = 1; id <= 5; ++id) {
            const auto name = std::string(1, static_cast<char>('a' + id - 1));
            if (!recall(name)) continue;
            ++remembered;
            change(id, "klass", std::to_string(round));
            BOOST_TEST(!recall(name));
        }
        BOOST_TEST(remembered <= 1);
    }
}

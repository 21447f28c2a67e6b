// Users from memory: whatever becomes of the two connections that keep it as it is in Redis, nobody comes
// from memory who is another by now.
#include "tests/support/memory_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::Error;
using store::LoginUser;
using test::Blocking;
using test::MemoryFixture;

BOOST_FIXTURE_TEST_SUITE(memory_connections, MemoryFixture)

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

BOOST_AUTO_TEST_CASE(an_account_that_a_change_overtakes_is_not_kept_beside_a_record_that_was_remembered) {
    make_user("alice", 100s);
    for (const auto* const write : {"HSET hg:{1}:account credited 5", "HSET hg:{1}:user klass k"}) {
        remember("alice");
        add_credit(1, 1s);
        BOOST_REQUIRE(!recall("alice"));
        BOOST_REQUIRE(recall_record("alice"));
        server.freeze();
        bool is_answered = false;
        boost::asio::co_spawn(loop, worker.users.complete_login({"alice"}),
                              [&](const std::exception_ptr&) { is_answered = true; });
        loop.restart();
        loop.poll();  // the read is sent
        server.unfreeze();
        Blocking other(server.address());
        other.command("PING");
        other.command(write);
        other.command("PING");
        BOOST_TEST(!is_answered);
        BOOST_TEST(!recall("alice"));
        while (!is_answered)
            loop.run_one();
        BOOST_TEST(!recall("alice"), write);
    }
    const auto alice = log_in("alice");
    BOOST_TEST((alice.account.settled() == store::Balance(6s)));
    BOOST_TEST(alice.klass.value() == "k");
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

BOOST_AUTO_TEST_CASE(when_redis_falls_silent_nobody_is_remembered_for_long) {
    make_user("alice");
    remember("alice");
    server.freeze();
    BOOST_TEST(run(become(false)));
    BOOST_TEST(!recall("alice"));
    server.unfreeze();
    wait_until_sure();
    BOOST_TEST(!recall("alice"));
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

BOOST_AUTO_TEST_CASE(a_worker_that_remembers_nobody_has_no_second_connection) {
    make_user("alice");
    must(store.users.find_login("alice"));
    BOOST_TEST(!store.users.recall_login({"alice"}));
    BOOST_TEST(!store.remembered_users.is_sure());
}

BOOST_AUTO_TEST_SUITE_END()

struct MuteRedisFixture : test::StoreFixture {
    MuteRedisFixture() : StoreFixture({"--rename-command", "SUBSCRIBE", ""}) {}
};

BOOST_FIXTURE_TEST_CASE(a_redis_that_may_not_tell_changes_is_asked_at_each_login, MuteRedisFixture) {
    make_user("alice");
    store::Store worker(loop, store::RedisAddress::parse(server.address()), secrets, log,
                        test::users_remembered);
    worker.connect();
    BOOST_REQUIRE(run(worker.redis.wait_until_ready(test::ready_limit)));
    for (int login = 0; login < 3; ++login) {
        BOOST_TEST(must(worker.users.find_login("alice")).id == 1);
        BOOST_TEST(!worker.users.recall_login({"alice"}));
    }
    BOOST_TEST(!worker.remembered_users.is_sure());
    worker.disconnect();
    loop.restart();
    loop.poll();
}

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

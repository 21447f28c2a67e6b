// A snapshot of a Redis that is being written to, and its way into another one.
#include "store/snapshot.hpp"

#include "store/keys.hpp"
#include "store/schema.hpp"
#include "store/store_copy.hpp"
#include "tests/support/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>

#include <filesystem>
#include <fstream>
#include <numeric>

namespace hourglass::test {
namespace {

constexpr int accounts = 2000;
constexpr std::int64_t deposit = 1000;

// So that Redis does not wait for further replicas.
struct AtOnce : StoreFixture {
    AtOnce() : StoreFixture({"--repl-diskless-sync-delay", "0"}) {}
};

awaitable<result<std::string>> take_all(store::Snapshot& snapshot) {
    const auto begun = co_await snapshot.begin();
    if (!begun) co_return begun.error();
    std::string data;
    while (true) {
        const auto piece = co_await snapshot.next();
        if (!piece) co_return piece.error();
        if (piece->empty()) co_return data;
        data += *piece;
    }
}

struct Moves {
    std::uint64_t done{};
    bool is_over{};
};

// One transaction moves a unit from one to another, in turns, until it is told to stop.
awaitable<void> keep_moving(store::Store& store, std::shared_ptr<Moves> moves) {
    for (int i = 0; !moves->is_over; i = (i + 7) % accounts) {
        auto move = store::Pipeline()
                        .add({"MULTI"})
                        .add({"INCRBY", "hg:account:" + std::to_string(i), "-1"})
                        .add({"INCRBY", "hg:account:" + std::to_string(accounts - 1 - i), "1"})
                        .add({"EXEC"});
        const auto moved = co_await store.redis.execute_all(std::move(move));
        if (moved) ++moves->done;
    }
}

// A Redis that has read the snapshot.
struct Restored {
    explicit Restored(const std::string& rdb) {
        server.kill();
        const auto directory = std::filesystem::path(server.address().substr(7)).parent_path();
        std::filesystem::remove_all(directory / "appendonlydir");
        std::ofstream(directory / "appendonly.aof", std::ios::binary) << rdb;
        server.start();
        redis.start();
        BOOST_TEST_REQUIRE(test::run(loop, redis.wait_until_ready(ready_limit)));
    }
    ~Restored() {
        redis.stop();
        loop.restart();
        loop.poll();
    }

    store::Reply operator()(std::initializer_list<std::string_view> command) {
        auto reply = test::run(loop, redis.execute(store::Pipeline().add(command)));
        BOOST_TEST_REQUIRE(reply.has_value());
        return *std::move(reply);
    }

    RedisServer server;
    boost::asio::io_context loop{1};
    QuietLog log;
    store::RedisConnection redis{loop, store::RedisAddress::parse(server.address()), log};
};

std::int64_t sum_of_accounts(Restored& restored) {
    std::int64_t sum = 0;
    for (int i = 0; i < accounts; ++i)
        sum += restored({"GET", "hg:account:" + std::to_string(i)}).integer();
    return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(snapshot)

BOOST_FIXTURE_TEST_CASE(what_is_moved_between_two_is_with_one_of_them, AtOnce) {
    for (int i = 0; i < accounts; ++i)
        redis({"SET", "hg:account:" + std::to_string(i), std::to_string(deposit)});
    const auto moves = std::make_shared<Moves>();
    boost::asio::co_spawn(loop, keep_moving(store, moves), [](const std::exception_ptr&) {});

    for (int round = 0; round < 3; ++round) {
        const auto before = moves->done;
        const auto snapshot = store.snapshots.open();
        const auto rdb = must(take_all(*snapshot));
        BOOST_TEST(moves->done > before);
        Restored restored(rdb);
        BOOST_TEST(sum_of_accounts(restored) == accounts * deposit);
    }
    moves->is_over = true;
}

BOOST_AUTO_TEST_CASE(a_redis_that_writes_a_file_first_will_do) {
    StoreFixture with_disk({"--repl-diskless-sync", "no"});
    with_disk.redis({"SET", "hg:one", "1"});
    const auto snapshot = with_disk.store.snapshots.open();
    Restored restored(with_disk.must(take_all(*snapshot)));
    BOOST_TEST(restored({"GET", "hg:one"}).text() == "1");
}

BOOST_FIXTURE_TEST_CASE(a_redis_that_is_away_gives_none, AtOnce) {
    server.kill();
    const auto snapshot = store.snapshots.open();
    BOOST_TEST(!run(take_all(*snapshot)).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_copy_is_what_the_original_was, AtOnce) {
    make_user("ann", store::Seconds(3600));
    redis({"SET", "hg:short", "lived", "PX", "100000000"});
    redis({"SET", "foreign", "untouched"});
    redis({"SET", "hg:binary", std::string_view("\0\r\n\xff", 4)});
    Restored other("");
    other({"SET", "foreign", "its own"});
    other({"SET", "hg:token:left", "over"});

    BOOST_TEST(test::run(other.loop, store::find_occupants(other.redis)).value().empty());
    BOOST_TEST(test::run(other.loop, store::clear_for_restore(other.redis)).has_value());
    // Both connections on one loop, as in a restore.
    store::RedisConnection target(loop, store::RedisAddress::parse(other.server.address()), log);
    target.start();
    BOOST_TEST_REQUIRE(run(target.wait_until_ready(ready_limit)));
    const auto copied = must(store::copy_all(store.redis, target, [](std::uint64_t) {}));
    target.stop();

    BOOST_TEST(copied == static_cast<std::uint64_t>(redis({"DBSIZE"}).integer()) - 1);
    const auto names = redis({"KEYS", "hg:*"});
    for (const auto* const name : names.elements()) {
        const auto key = store::text_of(name);
        BOOST_TEST(other({"DUMP", key}).text() == redis({"DUMP", key}).text(), key);
    }
    BOOST_TEST(other({"PTTL", "hg:short"}).integer() > 90'000'000);
    BOOST_TEST(other({"PTTL", "hg:binary"}).integer() == -1);
    BOOST_TEST(other({"GET", "foreign"}).text() == "its own");
    BOOST_TEST(other({"EXISTS", "hg:token:left"}).integer() == 0);

    BOOST_TEST(test::run(other.loop, store::read_schema(other.redis)).value().is_being_restored);
    BOOST_TEST(test::run(other.loop, store::finish_restore(other.redis)).has_value());
    BOOST_TEST(!test::run(other.loop, store::read_schema(other.redis)).value().is_being_restored);
    const auto occupants = test::run(other.loop, store::find_occupants(other.redis)).value();
    BOOST_TEST((occupants == std::vector<std::string>{"1 user"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::test

// Deadlines served over a real Redis and real sockets, by several daemons, and by one after another.
#include "radius/session_endings.hpp"

#include "store/running_users.hpp"
#include "tests/support/fake_nas.hpp"
#include "tests/support/session_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::test {
namespace {

using namespace std::chrono_literals;
using radius::SessionEndings;
using radius::dynamic_authorization::Sender;
using store::AccountingStatus;

constexpr auto secret = "testing123";
constexpr std::chrono::seconds time_limit{20};

// One daemon's part in it: a connection, a socket, and what looks after sessions.
struct Watcher {
    Watcher(boost::asio::io_context& loop, const std::string& redis, const store::SecretBox& secrets,
            std::uint16_t nas_port, Log& log)
        : store(loop, store::RedisAddress::parse(redis), secrets, log),
          snapshot(make_snapshot(nas_port)),
          sender(loop,
                 {
                     {boost::asio::ip::address_v4::loopback(), 0}
    },
                 snapshot, log),
          endings(loop, store, sender, snapshot, log) {
        store.redis.start();
        sender.start();
        boost::asio::co_spawn(loop, look_after(), [this](const std::exception_ptr&) { has_ended = true; });
    }

    awaitable<void> look_after() {
        co_await endings.run();
        co_await endings.finish(time_limit);
    }
    // From here on it ends; it must not go before has_ended.
    void stop() {
        endings.stop();
        sender.stop();
        store.redis.stop();
    }

    static std::shared_ptr<const radius::Snapshot> make_snapshot(std::uint16_t nas_port) {
        radius::Client client;
        client.network = boost::asio::ip::address_v4::loopback();
        client.prefix_length = 32;
        client.secret = secret;
        client.coa_port = nas_port;
        return std::make_shared<const radius::Snapshot>(
            radius::Snapshot{radius::Clients({client}), {}, {}, {}});
    }

    store::Store store;
    std::shared_ptr<const radius::Snapshot> snapshot;
    Sender sender;
    SessionEndings endings;
    bool has_ended = false;
};

struct EndingFixture : SessionFixture {
    EndingFixture() { now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }
    ~EndingFixture() { end_all(); }

    void end_all() {
        for (const auto& watcher : watchers)
            watcher->stop();
        run_until([&] { return std::ranges::all_of(watchers, &Watcher::has_ended); });
        watchers.clear();
        run_for(0ms);
    }

    // With one session at our NAS that has used the last second long ago.
    void make_poor_user(const std::string& name) {
        make_user(name, 10s);
        auto start = report(name, name, AccountingStatus::start, -60s);
        start.details = encode(store::SessionDetails{.nas_identifier = "lab", .source_address = "127.0.0.1"});
        must(store.ledger.apply(start));
    }
    void watch() {
        watchers.push_back(std::make_unique<Watcher>(loop, server.address(), secrets, nas.port(), log));
    }
    void run_until(const std::function<bool()>& is_done) {
        const auto deadline = std::chrono::steady_clock::now() + time_limit;
        loop.restart();
        while (!is_done() && std::chrono::steady_clock::now() < deadline)
            loop.run_for(10ms);
        BOOST_TEST(is_done());
    }
    void run_for(std::chrono::milliseconds time) {
        loop.restart();
        loop.run_for(time);
    }
    std::size_t asked() const { return nas.received().size(); }
    store::DisconnectOutcome outcome_of(store::UserId user) {
        const auto page = must(store.sessions.list({.user = user}, "", 1));
        BOOST_TEST_REQUIRE(page.sessions.size() == 1U);
        BOOST_TEST_REQUIRE(page.sessions[0].disconnect.has_value());
        return page.sessions[0].disconnect->outcome;
    }

    FakeNas nas{loop, secret};
    std::vector<std::unique_ptr<Watcher>> watchers;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_endings, EndingFixture)

BOOST_AUTO_TEST_CASE(of_several_daemons_one_asks_for_the_end_of_a_session) {
    constexpr std::size_t users = 50;
    for (std::size_t i = 0; i < users; ++i)
        make_poor_user("u" + std::to_string(i));
    for (int i = 0; i < 3; ++i)
        watch();
    run_until([&] { return asked() == users; });
    run_for(1500ms);
    BOOST_TEST(asked() == users);
    BOOST_TEST((outcome_of(1) == store::DisconnectOutcome::acknowledged));
}

// The one that died may have sent it: nobody can know, so the session is left to the lease.
BOOST_AUTO_TEST_CASE(a_request_that_another_daemon_has_under_way_is_left_to_it) {
    make_poor_user("ann");
    const auto before = must(store.deadlines.visit(store::UserTag::of(1), now));
    must(store.sessions.note_disconnect(store::UserTag::of(1), 1, {},
                                        radius::ending::begun({}, "exhausted", now)));
    watch();
    run_for(1500ms);
    BOOST_TEST(asked() == 0U);
    BOOST_TEST(before.sessions.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_under_way_when_a_daemon_ends_is_the_next_ones_at_once) {
    make_poor_user("ann");
    nas.react({silence, ack});
    watch();
    run_until([&] { return asked() == 1; });
    auto& first = *watchers.front();
    first.endings.stop();
    first.sender.stop();
    BOOST_TEST(run(first.endings.finish(5s)));
    end_all();
    watch();
    run_until([&] { return asked() == 2; });
    run_until([&] { return outcome_of(1) == store::DisconnectOutcome::acknowledged; });
}

BOOST_AUTO_TEST_CASE(users_of_an_organization_are_looked_at_as_if_each_was_changed) {
    make_user("ann", 1000s, 1);
    make_user("bob", 1000s, 2);
    make_user("eve", 1000s, 1);
    apply("ann", "s1", AccountingStatus::start, 0s);
    apply("ann", "s2", AccountingStatus::start, 0s);
    apply("bob", "s3", AccountingStatus::start, 0s);
    must(store::touch_running_users(store.redis, {1}, now));
    const auto claims = must(store.deadlines.claim(now, 10));
    BOOST_TEST_REQUIRE(claims.size() == 1U);
    BOOST_TEST(claims[0].tag.text == "1");
    BOOST_TEST(must(store.deadlines.visit(claims[0].tag, now)).is_changed);
    must(store::touch_running_users(store.redis, {}, now));
    BOOST_TEST(must(store.deadlines.claim(now, 10)).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::test

// Writes that wait for company, and a Redis that is slow: what callers see. Moments are so long here that one
// which ends is a test that hangs, or so short that nobody notices.
#include "tests/support/connection_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::Error;
using store::Pipeline;
using store::RedisConnection;
using store::Reply;
using store::Urgency;

namespace {

constexpr std::chrono::microseconds endless = 1h;
constexpr RedisConnection::Limits limits{.timeout = 500ms,
                                         .reconnect_delay_min = 5ms,
                                         .reconnect_delay_max = 20ms,
                                         .backlog_commands_max = 10,
                                         .backlog_age_max = 50ms};

struct Fixture : test::ConnectionFixture {
    Fixture() : test::ConnectionFixture(limits, {"--enable-debug-command", "yes"}) {
        if (!comes_up()) throw std::runtime_error("Redis does not come up");
    }

    awaitable<result<Reply>> count(Urgency urgency) {
        return redis.execute(Pipeline().add({"INCR", "counter"}), urgency);
    }
};

// Redis reads its commands in pieces of tens of thousands of octets, and answers after each.
Pipeline slow_command() {
    const std::string filler(200'000, 'x');
    return std::move(Pipeline().add({"DEBUG", "SLEEP", "0.1"}).add({"ECHO", filler}));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(group_commit, Fixture)

BOOST_AUTO_TEST_CASE(a_lonely_write_leaves_when_its_moment_ends) {
    redis.set_group_commit(2ms);
    for (std::int64_t expected = 1; expected <= 20; ++expected) {
        const auto counted = test::run(loop, count(Urgency::in_company));
        BOOST_TEST(counted->integer() == expected);
    }
}

BOOST_AUTO_TEST_CASE(enough_writes_do_not_wait_for_the_end_of_the_moment) {
    redis.set_group_commit(endless);
    std::vector<awaitable<result<Reply>>> writes;
    for (std::size_t i = 0; i < store::CommandQueue::company_enough; ++i)
        writes.push_back(count(Urgency::in_company));
    std::int64_t expected = 0;
    for (const auto& counted : test::run_all(loop, std::move(writes)))
        BOOST_TEST(counted->integer() == ++expected);
}

BOOST_AUTO_TEST_CASE(a_read_does_not_wait_for_those_in_company) {
    redis.set_group_commit(endless);
    BOOST_TEST(redis.send(Pipeline().add({"INCR", "counter"}), Urgency::in_company));
    BOOST_TEST(test::run(loop, count(Urgency::at_once))->integer() == 1);
}

BOOST_AUTO_TEST_CASE(many_writes_and_reads_get_their_own_replies) {
    redis.set_group_commit(100us);
    for (int round = 0; round < 50; ++round) {
        std::vector<awaitable<result<Reply>>> calls;
        for (int i = 0; i < 40; ++i) {
            const auto urgency = (i * 7 + round) % 3 == 0 ? Urgency::at_once : Urgency::in_company;
            calls.push_back(redis.execute(Pipeline().add({"ECHO", std::to_string(i)}), urgency));
        }
        std::int64_t expected = 0;
        for (const auto& echoed : test::run_all(loop, std::move(calls)))
            BOOST_TEST(echoed->integer() == expected++);
    }
}

BOOST_AUTO_TEST_CASE(whoever_waits_for_company_when_redis_dies_hears_of_it) {
    redis.set_group_commit(endless);
    auto write = count(Urgency::in_company);
    boost::asio::post(loop, [this] { boost::asio::post(loop, [this] { server.kill(); }); });
    BOOST_TEST((test::run(loop, std::move(write)).error() == Error::unavailable));
    server.start();
    BOOST_TEST(test::run(loop, redis.wait_until_ready(20s)));
    BOOST_TEST(test::run(loop, count(Urgency::at_once))->integer() == 1);
}

BOOST_AUTO_TEST_CASE(stopping_fails_who_waits_for_company) {
    redis.set_group_commit(endless);
    auto write = count(Urgency::in_company);
    boost::asio::post(loop, [this] { boost::asio::post(loop, [this] { redis.stop(); }); });
    BOOST_TEST((test::run(loop, std::move(write)).error() == Error::unavailable));
    loop.restart();
    loop.run_for(5s);
    BOOST_TEST(loop.stopped());
}

BOOST_AUTO_TEST_CASE(scripts_that_are_gone_are_loaded_again_for_writes_in_company_too) {
    redis.set_group_commit(1ms);
    const auto run_script = [&] {
        constexpr store::Script unknown{
            .name = "x", .sha1 = "0123456789012345678901234567890123456789", .body = ""};
        return redis.execute(Pipeline().run(unknown, {}, {}), Urgency::in_company);
    };
    BOOST_TEST((test::run(loop, run_script()).error() == Error::unavailable));
    BOOST_TEST(test::run(loop, redis.wait_until_ready(20s)));
    BOOST_TEST(redis.reconnects() == 1U);
    BOOST_TEST(test::run(loop, count(Urgency::in_company))->integer() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(slow_redis, Fixture)

// Ten times a tenth of a second: twice the time limit.
BOOST_AUTO_TEST_CASE(a_redis_that_is_slow_and_goes_on_answering_is_no_outage) {
    std::vector<awaitable<result<std::vector<Reply>>>> calls;
    for (int i = 0; i < 10; ++i)
        calls.push_back(redis.execute_all(slow_command()));
    for (const auto& answered : test::run_all(loop, std::move(calls)))
        BOOST_TEST(answered.has_value());
    BOOST_TEST(redis.reconnects() == 0U);
}

BOOST_AUTO_TEST_CASE(a_redis_that_answers_nothing_is_one) {
    server.freeze();
    BOOST_TEST((execute(Pipeline().add({"PING"})).error() == Error::unavailable));
    server.unfreeze();
    BOOST_TEST(test::run(loop, redis.wait_until_ready(20s)));
    BOOST_TEST(redis.reconnects() == 1U);
}

BOOST_AUTO_TEST_CASE(many_commands_that_wait_for_long_tell_that_redis_is_behind) {
    const auto send = [this](std::size_t commands) {
        for (std::size_t i = 0; i < commands; ++i)
            BOOST_TEST(redis.send(Pipeline().add({"PING"})));
    };
    server.freeze();
    send(limits.backlog_commands_max);
    loop.restart();
    loop.run_for(2 * limits.backlog_age_max);
    BOOST_TEST(!redis.is_behind());  // a few wait: a pause, no overload
    send(1);
    BOOST_TEST(redis.is_behind());

    server.unfreeze();
    BOOST_TEST(execute(Pipeline().add({"PING"}))->text() == "PONG");
    BOOST_TEST(!redis.is_behind());
    BOOST_TEST(redis.reconnects() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

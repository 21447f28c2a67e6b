// What callers see of the connection while Redis comes, goes, stalls and refuses.
#include "store/redis_reply.hpp"
#include "tests/support/connection_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::Error;
using store::Pipeline;
using store::RedisConnection;
using store::Reply;

namespace {

// Generous where the test is not about time, and short where it is.
constexpr RedisConnection::Limits limits{.timeout = 30s,
                                         .reconnect_delay_min = 5ms,
                                         .reconnect_delay_max = 20ms,
                                         .commands_in_flight_max = 20'000};
constexpr RedisConnection::Limits impatient{.timeout = 100ms,
                                            .reconnect_delay_min = 5ms,
                                            .reconnect_delay_max = 20ms,
                                            .commands_in_flight_max = 1000};

struct ConnectionFixture : test::ConnectionFixture {
    ConnectionFixture() : test::ConnectionFixture(limits) {}
};

awaitable<void> append_number(RedisConnection& redis, int number, std::vector<std::int64_t>& answered) {
    Pipeline pipeline;
    pipeline.add({"ECHO", std::to_string(number)});
    const auto reply = co_await redis.execute(std::move(pipeline));
    answered.push_back(reply ? reply->integer() : -1);
}

awaitable<int> in_order(RedisConnection& redis, int number, std::vector<std::int64_t>& answered) {
    co_await append_number(redis, number, answered);
    co_return number;
}

std::string free_port() {
    namespace ip = boost::asio::ip;
    boost::asio::io_context loop;
    const ip::tcp::acceptor acceptor(loop, ip::tcp::endpoint(ip::address_v4::loopback(), 0));
    return std::to_string(acceptor.local_endpoint().port());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(redis_connection, ConnectionFixture)

BOOST_AUTO_TEST_CASE(before_it_is_connected_calls_fail_at_once) {
    BOOST_TEST(!redis.is_ready());
    BOOST_TEST((execute(Pipeline().add({"PING"})).error() == Error::unavailable));
    BOOST_TEST(comes_up());
    BOOST_TEST(execute(Pipeline().add({"PING"}))->text() == "PONG");
}

BOOST_AUTO_TEST_CASE(ten_thousand_commands_of_one_turn_are_answered_in_order) {
    BOOST_TEST(comes_up());
    std::vector<std::int64_t> answered;
    std::vector<awaitable<int>> calls;
    std::vector<std::int64_t> expected;
    for (int i = 0; i < 10'000; ++i) {
        calls.push_back(in_order(redis, i, answered));
        expected.push_back(i);
    }
    test::run_all(loop, std::move(calls));
    BOOST_TEST((answered == expected));
}

BOOST_AUTO_TEST_CASE(replies_of_every_type_are_read_safely) {
    BOOST_TEST(comes_up());
    BOOST_TEST(execute(Pipeline().add({"GET", "nothing"}))->is_nil());
    BOOST_TEST(execute(Pipeline().add({"GET", "nothing"}))->text() == "");
    BOOST_TEST(execute(Pipeline().add({"GET", "nothing"}))->elements().empty());
    const std::string binary("a\0\r\nb", 5);
    BOOST_TEST(execute(Pipeline().add({"SET", "key", binary}))->text() == "OK");
    BOOST_TEST(execute(Pipeline().add({"GET", "key"}))->text() == binary);
    BOOST_TEST(execute(Pipeline().add({"GET", "key"}))->integer() == 0);
    BOOST_TEST(execute(Pipeline().add({"INCR", "counter"}))->integer() == 1);
    BOOST_TEST(execute(Pipeline().add({"GET", "counter"}))->integer() == 1);
    BOOST_TEST(execute(Pipeline().add({"MGET", "key", "counter"}))->elements().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_refused_command_fails_its_pipeline_and_no_other) {
    BOOST_TEST(comes_up());
    const auto refused =
        test::run(loop, redis.execute_all(Pipeline().add({"SET", "a", "1"}).add({"NONSENSE"})));
    BOOST_TEST((refused.error() == Error::unavailable));
    BOOST_TEST(execute(Pipeline().add({"GET", "a"}))->text() == "1");
    BOOST_TEST(redis.reconnects() == 0U);
}

BOOST_AUTO_TEST_CASE(when_redis_dies_callers_fail_and_it_connects_again) {
    BOOST_TEST(comes_up());
    for (std::uint64_t death = 1; death <= 3; ++death) {
        server.kill();
        BOOST_TEST((execute(Pipeline().add({"PING"})).error() == Error::unavailable));
        server.start();
        BOOST_TEST(comes_up());
        BOOST_TEST(execute(Pipeline().add({"PING"}))->text() == "PONG");
        BOOST_TEST(redis.reconnects() == death);
    }
}

BOOST_AUTO_TEST_CASE(a_redis_that_stalls_fails_callers_in_time) {
    RedisConnection hurried(loop, store::RedisAddress::parse(server.address()), log, impatient);
    hurried.start();
    BOOST_TEST(test::run(loop, hurried.wait_until_ready(20s)));
    server.freeze();
    std::vector<awaitable<result<Reply>>> calls;
    for (int i = 0; i < 100; ++i)
        calls.push_back(hurried.execute(Pipeline().add({"PING"})));
    for (const auto& outcome : test::run_all(loop, std::move(calls))) {
        BOOST_TEST((outcome.error() == Error::unavailable));
    }
    server.unfreeze();
    BOOST_TEST(test::run(loop, hurried.wait_until_ready(20s)));
}

BOOST_AUTO_TEST_CASE(more_commands_than_the_limit_are_refused_and_the_rest_served) {
    BOOST_TEST(comes_up());
    std::vector<awaitable<result<Reply>>> calls;
    for (std::size_t i = 0; i < limits.commands_in_flight_max + 1; ++i) {
        calls.push_back(redis.execute(Pipeline().add({"PING"})));
    }
    const auto outcomes = test::run_all(loop, std::move(calls));
    BOOST_TEST(
        std::count_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) { return !outcome; }) == 1);
    BOOST_TEST(execute(Pipeline().add({"PING"}))->text() == "PONG");
}

BOOST_AUTO_TEST_CASE(what_nobody_waits_for_is_sent_all_the_same) {
    BOOST_TEST(comes_up());
    redis.send(Pipeline().add({"SET", "a", "1"}));
    BOOST_TEST(execute(Pipeline().add({"GET", "a"}))->text() == "1");
}

BOOST_AUTO_TEST_CASE(stopping_fails_who_waits_and_lets_the_loop_end) {
    BOOST_TEST(comes_up());
    server.freeze();
    auto call = redis.execute(Pipeline().add({"PING"}));
    boost::asio::post(loop, [&] { boost::asio::post(loop, [&] { redis.stop(); }); });
    BOOST_TEST((test::run(loop, std::move(call)).error() == Error::unavailable));
    loop.restart();
    loop.run_for(5s);
    BOOST_TEST(loop.stopped());
    server.unfreeze();
}

BOOST_AUTO_TEST_CASE(waiting_for_a_redis_that_never_comes_ends) {
    RedisConnection nowhere(loop, store::RedisAddress::parse("unix:///nonexistent/redis.sock"), log, limits);
    nowhere.start();
    BOOST_TEST(!test::run(loop, nowhere.wait_until_ready(50ms)));
}

BOOST_AUTO_TEST_CASE(over_tcp_it_logs_in_and_selects_its_database) {
    const auto port = free_port();
    const test::RedisServer guarded({"--port", port, "--bind", "127.0.0.1", "--requirepass", "a:b@c"});
    const auto connects = [&](const std::string& url, std::chrono::milliseconds limit) {
        RedisConnection connection(loop, store::RedisAddress::parse(url), log, limits);
        connection.start();
        if (!test::run(loop, connection.wait_until_ready(limit))) return std::string();
        const auto reply = test::run(loop, connection.execute(Pipeline().add({"CLIENT", "INFO"})));
        return std::string(reply->text());
    };
    const auto info = connects("redis://default:a%3Ab%40c@localhost:" + port + "/5", 20s);
    BOOST_TEST(info.find("db=5") != std::string::npos);
    BOOST_TEST(!connects("redis://:a%3Ab%40c@127.0.0.1:" + port, 20s).empty());
    BOOST_TEST(connects("redis://:wrong@127.0.0.1:" + port, 100ms).empty());
}

BOOST_AUTO_TEST_SUITE_END()

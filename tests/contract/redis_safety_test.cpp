#include "store/redis_safety.hpp"

#include "store/redis_connection.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> hazards_of(std::vector<std::string> arguments) {
    test::RedisServer server(std::move(arguments));
    boost::asio::io_context loop(1);
    test::QuietLog log;
    store::RedisConnection redis(loop, store::RedisAddress::parse(server.address()), log);
    redis.start();
    BOOST_TEST_REQUIRE(test::run(loop, redis.wait_until_ready(20s)));
    return test::run(loop, store::find_hazards(redis)).value();
}

struct Case {
    std::vector<std::string> arguments;
    std::string_view said;  // in the one hazard
};

}  // namespace

BOOST_AUTO_TEST_SUITE(redis_safety)

BOOST_AUTO_TEST_CASE(a_redis_as_the_ledger_demands_it_is_safe) {
    BOOST_TEST(hazards_of({}).empty());
}

BOOST_AUTO_TEST_CASE(what_would_lose_money_is_named_with_its_remedy) {
    const Case cases[] = {
        {{"--appendonly", "no"},                 "set appendonly yes"              },
        {{"--appendfsync", "everysec"},          "set appendfsync always"          },
        {{"--no-appendfsync-on-rewrite", "yes"}, "set no-appendfsync-on-rewrite no"},
        {{"--maxmemory-policy", "allkeys-lru"},  "set maxmemory-policy noeviction" },
    };
    for (const auto& [arguments, said] : cases) {
        const auto hazards = hazards_of(arguments);
        BOOST_TEST_REQUIRE(hazards.size() == 1U);
        BOOST_TEST(hazards[0].find(said) != std::string::npos, hazards[0]);
    }
}

BOOST_AUTO_TEST_SUITE_END()

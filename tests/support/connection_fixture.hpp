// A Redis of its own, and one connection to it.
#pragma once

#include "tests/support/store_fixture.hpp"

namespace hourglass::test {

struct ConnectionFixture {
    explicit ConnectionFixture(store::RedisConnection::Limits limits,
                               const std::vector<std::string>& arguments = {})
        : server(arguments), redis(loop, store::RedisAddress::parse(server.address()), log, limits) {
        redis.start();
    }
    ~ConnectionFixture() {
        redis.stop();
        loop.restart();
        loop.poll();
    }
    ConnectionFixture(const ConnectionFixture&) = delete;
    ConnectionFixture& operator=(const ConnectionFixture&) = delete;

    bool comes_up() { return run(loop, redis.wait_until_ready(ready_limit)); }
    result<store::Reply> execute(store::Pipeline pipeline) {
        return run(loop, redis.execute(std::move(pipeline)));
    }

    RedisServer server;
    boost::asio::io_context loop{1};
    QuietLog log;
    store::RedisConnection redis;
};

}  // namespace hourglass::test

// The store as one event loop sees it: its connection to Redis and the four things that speak over it.
#pragma once

#include "store/api_tokens.hpp"
#include "store/extras.hpp"
#include "store/ledger.hpp"
#include "store/redis_connection.hpp"
#include "store/secret_box.hpp"
#include "store/users.hpp"

namespace hourglass::store {

struct Store {
    Store(boost::asio::io_context& loop, const RedisAddress& address, const SecretBox& secrets, Log& log)
        : redis(loop, address, log),
          users(redis, secrets),
          extras(redis, secrets),
          tokens(redis),
          ledger(redis, users) {}

    RedisConnection redis;
    Users users;
    Extras extras;
    ApiTokens tokens;
    Ledger ledger;
};

}  // namespace hourglass::store

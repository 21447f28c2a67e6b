// The store as one event loop sees it: its connection to Redis and the things that speak over it.
#pragma once

#include "store/api_tokens.hpp"
#include "store/credits.hpp"
#include "store/events.hpp"
#include "store/extras.hpp"
#include "store/ledger.hpp"
#include "store/nas_facts.hpp"
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
          ledger(redis, users),
          credits(redis),
          nas_facts(redis),
          events(loop, redis) {}

    RedisConnection redis;
    Users users;
    Extras extras;
    ApiTokens tokens;
    Ledger ledger;
    Credits credits;
    NasFacts nas_facts;
    Events events;
};

}  // namespace hourglass::store

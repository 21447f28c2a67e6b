// The store as one event loop sees it: its connection to Redis and the things that speak over it.
#pragma once

#include "store/api_tokens.hpp"
#include "store/credits.hpp"
#include "store/deadlines.hpp"
#include "store/events.hpp"
#include "store/extras.hpp"
#include "store/ledger.hpp"
#include "store/nas_facts.hpp"
#include "store/places.hpp"
#include "store/redis_connection.hpp"
#include "store/registry.hpp"
#include "store/secret_box.hpp"
#include "store/sessions.hpp"
#include "store/sightings.hpp"
#include "store/users.hpp"

namespace hourglass::store {

struct Store {
    Store(boost::asio::io_context& loop, const RedisAddress& address, const SecretBox& secret_box, Log& log)
        : secrets(secret_box),
          redis(loop, address, log),
          users(redis, secrets, rules),
          extras(redis, secrets),
          tokens(redis),
          ledger(redis, users, rules),
          credits(redis, rules),
          deadlines(redis, rules),
          places(redis, rules),
          sessions(redis, secrets),
          nas_facts(redis),
          sightings(redis),
          registry(redis, secrets),
          events(loop, redis) {}

    const SecretBox& secrets;
    LedgerRules rules;  // may be replaced on the loop, between requests
    RedisConnection redis;
    Users users;
    Extras extras;
    ApiTokens tokens;
    Ledger ledger;
    Credits credits;
    Deadlines deadlines;
    Places places;
    Sessions sessions;
    NasFacts nas_facts;
    Sightings sightings;
    Registry registry;
    Events events;
};

}  // namespace hourglass::store

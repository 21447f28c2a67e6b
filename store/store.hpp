// The store as one event loop sees it: its connection to Redis and the things that speak over it.
#pragma once

#include "store/api_tokens.hpp"
#include "store/credits.hpp"
#include "store/deadlines.hpp"
#include "store/events.hpp"
#include "store/extras.hpp"
#include "store/last_logins.hpp"
#include "store/ledger.hpp"
#include "store/nas_facts.hpp"
#include "store/places.hpp"
#include "store/redis_connection.hpp"
#include "store/registry.hpp"
#include "store/remembered_users.hpp"
#include "store/report_batches.hpp"
#include "store/secret_box.hpp"
#include "store/sessions.hpp"
#include "store/sightings.hpp"
#include "store/snapshot.hpp"
#include "store/users.hpp"

namespace hourglass::store {

struct Store {
    // `users_remembered`: how many at most, for logins without Redis; see remembered_users.hpp. `in_hand`:
    // see report_batches.hpp.
    Store(boost::asio::io_context& loop, const RedisAddress& address, const SecretBox& secret_box, Log& log,
          std::size_t users_remembered = 0, UsersInHand* in_hand = nullptr)
        : secrets(secret_box),
          redis(loop, address, log),
          remembered_users(loop, address, redis, log, users_remembered),
          last_logins(loop, redis),
          users(redis, secrets, rules, remembered_users, last_logins),
          extras(redis, secrets),
          tokens(redis),
          report_batches(redis, in_hand),
          ledger(redis, users, rules, &report_batches),
          credits(redis, rules),
          deadlines(redis, rules),
          places(redis, rules),
          sessions(redis, secrets),
          nas_facts(redis),
          sightings(redis),
          registry(redis, secrets),
          events(loop, redis),
          snapshots{loop, address, log} {}

    void connect() {
        redis.start();
        remembered_users.start();
    }
    void disconnect() {
        remembered_users.stop();
        redis.stop();
    }
    // Writes what may still wait to be written.
    awaitable<void> finish() {
        co_await last_logins.finish();
        co_await events.finish();
    }

    const SecretBox& secrets;
    LedgerRules rules;  // may be replaced on the loop, between requests
    RedisConnection redis;
    RememberedUsers remembered_users;
    LastLogins last_logins;
    Users users;
    Extras extras;
    ApiTokens tokens;
    ReportBatches report_batches;
    Ledger ledger;
    Credits credits;
    Deadlines deadlines;
    Places places;
    Sessions sessions;
    NasFacts nas_facts;
    Sightings sightings;
    Registry registry;
    Events events;
    SnapshotSource snapshots;
};

}  // namespace hourglass::store

// One daemon of a simulation, as far as its store goes: it may die at any time, and another takes its place.
#pragma once

#include "store/credits.hpp"
#include "store/deadlines.hpp"
#include "store/last_logins.hpp"
#include "store/ledger.hpp"
#include "store/redis_connection.hpp"
#include "store/remembered_users.hpp"
#include "store/report_batches.hpp"
#include "store/users.hpp"
#include "tests/simulation/world.hpp"

namespace hourglass::test {

inline constexpr std::size_t daemons_count = 3;
inline constexpr store::Seconds daemon_skew_max{2};
inline constexpr store::LedgerRules simulated_rules{.interim_interval =
                                                        store::Seconds(World::interim_interval)};

// Broken connections are mended at once, and only the seed breaks them.
inline constexpr store::RedisConnection::Limits daemon_limits{
    .timeout = std::chrono::seconds(60),
    .reconnect_delay_min = std::chrono::milliseconds(0),
    .reconnect_delay_max = std::chrono::milliseconds(0),
    .commands_in_flight_max = 65'536};

// How it applies reports: in company as far as that goes, or each by its script, where that is what is tried.
enum class ReportRoad { in_company, by_script };

struct Daemon {
    Daemon(boost::asio::io_context& loop, const store::RedisAddress& address, const store::SecretBox& secrets,
           Log& log, ReportRoad road)
        : redis(loop, address, log, daemon_limits),
          remembered_users(loop, address, redis, log, 0),
          last_logins(loop, redis),
          users(redis, secrets, simulated_rules, remembered_users, last_logins),
          report_batches(redis),
          ledger(redis, users, simulated_rules, road == ReportRoad::in_company ? &report_batches : nullptr),
          credits(redis, simulated_rules),
          deadlines(redis, simulated_rules) {
        redis.start();
    }
    store::RedisConnection redis;
    store::RememberedUsers remembered_users;
    store::LastLogins last_logins;
    store::Users users;
    store::ReportBatches report_batches;
    store::Ledger ledger;
    store::Credits credits;
    store::Deadlines deadlines;
};

}  // namespace hourglass::test

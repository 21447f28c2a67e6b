// The version of the data at a start: older ones are brought to ours, newer ones and half a backup are
// refused with a sentence.
#pragma once

#include "daemon/settings.hpp"
#include "store/log.hpp"
#include "store/redis_connection.hpp"

#include <string>

namespace hourglass::daemon {

// Both throw std::runtime_error with a sentence for the operator. The first migrates.
awaitable<void> require_own_version(store::RedisConnection& redis, Log& log);
// Another daemon may have brought them to a version of its own, or be restoring.
awaitable<void> refuse_other_version(store::RedisConnection& redis);

// hourglassd --migrate: what was done, or would be, as lines. Throws as above, also while a daemon runs.
std::string migrate(const Configuration& configuration, bool is_dry_run, Log& log);

}  // namespace hourglass::daemon

// Those who have running sessions, found by the lists of sessions.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"

#include <vector>

namespace hourglass::store {

class RedisConnection;

// A visit soon to each user of these organizations who has running sessions, as if an administrator had
// changed him: for what many users have in common. Empty: of all organizations.
awaitable<result<void>> touch_running_users(RedisConnection& redis, std::vector<OrganizationId> organizations,
                                            Time now);

}  // namespace hourglass::store

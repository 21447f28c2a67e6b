// Whether a Redis may be trusted with money: append-only file with fsync always, noeviction, role master,
// version.
#pragma once

#include "store/error.hpp"

#include <string>
#include <vector>

namespace hourglass::store {

class RedisConnection;

// Sentences that each say what would lose money and what to set; empty: safe.
awaitable<result<std::vector<std::string>>> find_hazards(RedisConnection& redis);

}  // namespace hourglass::store

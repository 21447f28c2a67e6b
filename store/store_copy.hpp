// Brings all that is ours from one Redis into another, as it is: sessions, balances, deadlines and indexes.
// The other one is marked before the first key and until the mark is taken away (schema.hpp), so that nobody
// works with a part of it.
#pragma once

#include "store/error.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hourglass::store {

class RedisConnection;

// What there is that a new store does not have: "3 users", "a NAS"; empty: nothing would be lost. What a
// daemon writes by itself at its first start does not count, nor does what an unfinished restore has left.
awaitable<result<std::vector<std::string>>> find_occupants(RedisConnection& redis);

// Removes all that is ours, and leaves the mark.
awaitable<result<void>> clear_for_restore(RedisConnection& redis);

// How many keys were copied; `note` is told in between. Keys that expire do so at the same moment.
awaitable<result<std::uint64_t>> copy_all(RedisConnection& from, RedisConnection& to,
                                          std::function<void(std::uint64_t keys)> note);

// From here on the store may be served.
awaitable<result<void>> finish_restore(RedisConnection& redis);

}  // namespace hourglass::store

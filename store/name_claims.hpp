// A user name belongs to whoever claims it first; the record follows. A claim that no record followed (its
// maker died in between) may be taken over after a while, so a maker verifies his claim after writing the
// record.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"

namespace hourglass::store {

class RedisConnection;

inline constexpr Seconds stale_claim_age{10};

// Error::name_taken. Claiming what is claimed by the same user already succeeds.
awaitable<result<void>> claim_name(RedisConnection& redis, std::string username, UserId id, Time now);

// nullopt: nobody's.
awaitable<result<std::optional<UserId>>> find_claim(RedisConnection& redis, std::string username);

struct SpellingClaim {
    UserId owner{};
    bool is_of_other_spelling{};
};
// Of the first spelling that anybody has. An empty `other_spelling` is none.
awaitable<result<std::optional<SpellingClaim>>> find_claim(RedisConnection& redis, std::string username,
                                                           std::string other_spelling);

}  // namespace hourglass::store

// A user name belongs to whoever claims it first; the record follows. A claim that no record followed (its
// maker died in between) may be taken over after a while, so a maker verifies his claim after writing the
// record.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"
#include "store/redis_connection.hpp"

#include <span>

namespace hourglass::store {

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
// The same as part of a pipeline, and out of the replies to that part.
void add_claim_read(Pipeline& pipeline, std::string_view username, std::string_view other_spelling);
std::optional<SpellingClaim> claim_in(std::span<const Reply> replies);

}  // namespace hourglass::store

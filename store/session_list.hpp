// The account and the sessions of one user out of the hashes that hold them.
#pragma once

#include "store/account.hpp"
#include "store/ledger.hpp"

#include <hiredis/hiredis.h>

#include <span>

namespace hourglass::store {

// Each a whole hash, as HGETALL answers. Read in this order: a session moves from `account` to `closed`.
struct SessionHashes {
    std::span<redisReply* const> account;
    std::span<redisReply* const> closed;
    std::span<redisReply* const> details;
};

// Newest first, by number.
std::vector<Session> parse_sessions(UserId user, SessionHashes hashes);

// Of the whole hash, as HGETALL answers. `stale_limit` is that of a user who has none of his own.
Account parse_account(std::span<redisReply* const> hash, Seconds stale_limit);

// The text of a field in such a hash; empty if it is not there.
std::string_view value_of(std::span<redisReply* const> hash, std::string_view field);

}  // namespace hourglass::store

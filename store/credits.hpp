// Seconds that administrators put onto balances or take off them, each once, and the statement in which they
// and the charges of sessions add up to the balance.
#pragma once

#include "store/error.hpp"
#include "store/statement.hpp"
#include "store/users.hpp"

namespace hourglass::store {

class RedisConnection;

// How long a repeated request is recognized by its idempotency key: over a weekend and more.
inline constexpr Seconds idempotency_retention = std::chrono::days(7);

struct NewCredit {
    UserId user{};
    Seconds seconds{};  // negative: a debit
    std::string reason;
    Actor source;
    // With whose it is, since two clients may choose the same; empty: every call adds.
    std::string idempotency_key;
    Time now{};
};

class Credits {
public:
    Credits(RedisConnection& redis, const LedgerRules& rules);

    // One atomic addition. The same key again within idempotency_retention gives the first outcome again,
    // also a refusal, and adds nothing. A debit is held against what is left now.
    // Error::not_found, not_metered, insufficient_balance,
    // excessive_balance; key_reused if the key came with other seconds or another reason.
    awaitable<result<Credit>> add(NewCredit credit);
    // Newest first.
    awaitable<result<Page<Credit>>> list(UserId user, PageRequest page);
    // At most `limit` entries from a position on.
    awaitable<result<Statement>> statement(UserId user, StatementPosition from, std::uint64_t limit);

private:
    RedisConnection& redis_;
    const LedgerRules& rules_;
};

}  // namespace hourglass::store

// When somebody must look after a user's running sessions: at the latest when his time ends. Deadlines lie in
// a few sorted sets by second, so that any daemon finds those that are due, and one takes each. A visit may
// come too early: then it schedules the next. It never comes late, for a report whose sessions end earlier
// than was published is acknowledged only when the earlier deadline is.
#pragma once

#include "store/account.hpp"
#include "store/error.hpp"
#include "store/keys.hpp"
#include "store/sessions.hpp"

namespace hourglass::store {

class Pipeline;

// A user who is due, until the lease ends: then another daemon takes him.
struct Claim {
    UserTag tag;
    std::string mark;  // what the index says of him as long as nobody wrote a new deadline
};

// Everything that a decision about running sessions needs, as it stands at one instant.
struct Visit {
    bool exists{};  // false: removed, or the name of nobody
    std::string username;
    bool is_active{};
    std::optional<Time> expiration;
    std::string profile;  // JSON array of names; empty if none
    OrganizationId organization{};
    Account account;
    // Those that run. Of a removed user, those that his removal closed while their NAS may still run them.
    std::vector<UserSession> sessions;
    bool is_changed{};  // by an administrator, since what an earlier visit was scheduled after

    // What schedule() goes by.
    std::uint64_t number{};   // of visits to this user
    std::uint64_t changes{};  // by administrators
};

class Deadlines {
public:
    static constexpr std::size_t shards = 8;
    static constexpr Seconds lease{5};
    // Who has been due for longer than this should have been visited twice.
    static constexpr Seconds overdue_after{15};

    Deadlines(RedisConnection& redis, const LedgerRules& rules) : redis_(redis), rules_(rules) {}

    // At most so many of each shard. A claimed user is due again after the lease, unless he was scheduled or
    // forgotten by then. Nobody while a journal is being replayed: whoever looks silent or spent may not be.
    awaitable<result<std::vector<Claim>>> claim(Time now, std::uint64_t per_shard_max);
    // From here on each report publishes its deadline, until schedule().
    awaitable<result<Visit>> visit(UserTag tag, Time now);
    // The end of a visit: what it saw changed is dealt with, and `at` the next is due, or earlier if a report
    // said so meanwhile; no later than account.silent_at(), for reports rely on that. `stale_limit` is one of
    // the user's own; nullopt: as the rules say.
    awaitable<result<void>> schedule(Claim claim, Visit visit, Time at,
                                     std::optional<Seconds> stale_limit = {});
    // The end of a visit that saw nothing run.
    awaitable<result<void>> forget(Claim claim);
    // How many users are overdue. Many for a moment after a journal was replayed.
    awaitable<result<std::uint64_t>> overdue(Time now);
    // A visit as soon as possible: something was written that may end or change running sessions.
    awaitable<result<void>> touch(UserTag tag, Time now);

private:
    RedisConnection& redis_;
    const LedgerRules& rules_;
};

// Which index names a user: the same for every daemon, whatever it was built with.
std::string deadline_index_of(const UserTag& tag);
// Names a deadline in the index unless an earlier one is there.
void add_deadline(Pipeline& pipeline, const UserTag& tag, Time at);
// The same within a transaction that fails once he is visited, and only unless he was claimed when that
// began: a claim has to be told of what its visit may have missed.
void add_deadline_in_transaction(Pipeline& pipeline, const UserTag& tag, Time at);
void add_claim_check(Pipeline& pipeline, const UserTag& tag);
bool is_claimed(const Reply& check);
// What a report must do before it is acknowledged; `visits`: how many there were when `at` was worked out.
awaitable<result<void>> publish_deadline(RedisConnection& redis, UserTag tag, Time at, std::uint64_t visits);

}  // namespace hourglass::store

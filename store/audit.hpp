// Is the ledger right? A walk over all users by id, whether a list names them or not, then over those who
// have no record but sessions; each is read at one instant and held against what must be. Nothing is written.
// A few users at a time, so that no login waits; where it was left off it goes on.
#pragma once

#include "store/lookups.hpp"
#include "store/session_pages.hpp"

namespace hourglass::store {

struct AuditFinding {
    Violation violation;
    UserId user{};  // 0: nobody has the name
    std::string username;
    OrganizationId organization{};
};

// Behind which users an audit goes on.
struct AuditPosition {
    UserId user{};
    std::optional<Time> unknown{};  // of unknown users those whose sessions began until then
};
// "17", or "u1700000000".
std::string encode(const AuditPosition& position);
std::optional<AuditPosition> parse_audit_position(std::string_view text);

class Audit {
public:
    // Little enough that no login waits behind a step for more than about a millisecond.
    static constexpr std::uint64_t users_per_step = 20;
    // An index is believed to miss an entry when it was missing at so many looks, for a user who was read
    // anew each time: he may have changed between one read and the other.
    static constexpr int looks = 3;
    static constexpr std::chrono::milliseconds look_again_delay{250};

    // Empty `organizations`: all, and who was removed, and unknown users. Both references outlive it.
    Audit(RedisConnection& redis, const LedgerRules& rules, std::vector<OrganizationId> organizations,
          AuditPosition from);

    // How many users are still to be looked at, unknown ones not counted.
    awaitable<result<std::uint64_t>> count();

    struct Step {
        std::vector<AuditFinding> findings;
        std::uint64_t reads{};    // what a rate is held against
        std::uint64_t checked{};  // of those, who there is
        bool is_complete{};       // that was all
    };
    // After an error the same step may be asked for again.
    awaitable<result<Step>> step(Time now);
    const AuditPosition& position() const { return position_; }

private:
    // Whom a step looks at, and where the next begins.
    struct Batch {
        std::vector<UserTag> tags;
        std::vector<std::string> entries;  // of unknown users, which entry led to each
        AuditPosition next;
        bool is_last{};
    };
    struct Look;

    bool is_in_scope(OrganizationId organization) const;
    awaitable<result<Batch>> next_batch();
    awaitable<result<Batch>> next_users();
    awaitable<result<Batch>> next_unknown();
    awaitable<result<std::vector<Look>>> look_at(std::vector<UserTag> tags, Time now);
    awaitable<result<void>> look_again(std::vector<Look>& looks_taken, Time now);

    RedisConnection& redis_;
    const LedgerRules& rules_;
    const std::vector<OrganizationId> organizations_;
    AuditPosition position_;
    UserId last_user_ = 0;  // 0: not known yet
    std::optional<SessionWalk> unknown_;
};

}  // namespace hourglass::store

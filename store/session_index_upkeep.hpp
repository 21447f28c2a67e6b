// Keeps the lists of sessions to what is there, entry by entry, a small batch at a time: what names nothing
// is dropped after a while; what stands in the wrong range (its session ended, and the daemon with it) or
// under an organization that its user has left (while a daemon died) is put right. What is taken away is
// looked for once more after that, and named again if it is there.
#pragma once

#include "store/account.hpp"
#include "store/error.hpp"
#include "store/session_index.hpp"

#include <string>
#include <vector>

namespace hourglass::store {

struct Stays;

class SessionIndexUpkeep {
public:
    static constexpr std::string_view entries_per_step = "200";
    // An entry is written just before the session that it names.
    static constexpr Seconds entry_grace = std::chrono::days(1);

    SessionIndexUpkeep(RedisConnection& redis, const LedgerRules& rules);

    // One batch; `complete` when all lists have been gone through.
    enum class Progress { partial, complete };
    awaitable<result<Progress>> step(Time now);

private:
    awaitable<result<void>> mend(OrganizationId organization, std::vector<std::string> members_and_scores,
                                 Time now);

    RedisConnection& redis_;
    const LedgerRules& rules_;
    std::vector<OrganizationId> organizations_;  // still to be gone through
    std::string cursor_ = "0";                   // in the list of the last one
};

}  // namespace hourglass::store

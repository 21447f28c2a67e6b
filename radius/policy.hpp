// What a worker follows; swapped whole on reload.
#pragma once

#include "radius/reject_reason.hpp"
#include "radius/user_names.hpp"
#include "store/account.hpp"

#include <chrono>
#include <vector>

namespace hourglass::radius {

// Logins while the store is away.
struct GracePolicy {
    bool is_on = false;
    std::chrono::seconds session{300};  // Session-Timeout, at most
    std::chrono::seconds budget{900};   // of a user, until his usage is recorded again
};

struct Policy {
    std::chrono::milliseconds reject_delay{1000};
    store::LedgerRules ledger{};
    std::vector<std::chrono::seconds> low_balance{std::chrono::seconds(300)};  // thresholds of that event
    GracePolicy grace{};
    NameRules names{};
    bool has_session_class = true;  // each Access-Accept carries a Class of ours
    ReplyMessages reply_messages{};
    std::chrono::microseconds group_commit{0};  // see store/command_queue.hpp
};

}  // namespace hourglass::radius

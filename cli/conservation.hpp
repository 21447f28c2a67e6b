// Is every second that the fleet used charged once? The truth of the NASes beside what the API says of a
// user.
#pragma once

#include "cli/json.hpp"
#include "nas/truth.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::cli {

// The totals of a user's ledger.
struct Account {
    std::optional<std::int64_t> credited;  // nullopt: not metered
    std::int64_t consumed{};
    std::optional<std::int64_t> balance;
};

// Of the answer of /user_token/{id}/ledger/.
Account account_of(const Json& ledger);

// What is wrong, a sentence each; empty if all is well. `sessions` are those of /aaa_accounting/ for this
// user; of them the run's own count, whose Acct-Session-Ids begin with `run`.
//
// A report that was never acknowledged may have been charged or not: so each session, and all of them
// together, have a least and a most.
std::vector<std::string> violations_of(const nas::UserTruth& truth, const Account& before,
                                       const Account& after, const Json& sessions, std::string_view run);

}  // namespace hourglass::cli

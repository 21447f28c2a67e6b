// The users of a simulated fleet: created for it, or there already; what their ledgers said before; and how
// they stand afterwards.
#pragma once

#include "cli/api.hpp"
#include "cli/audit.hpp"
#include "cli/conservation.hpp"
#include "cli/simulate_options.hpp"
#include "nas/device.hpp"

#include <functional>
#include <set>

namespace hourglass::cli {

struct SimulatedUser {
    std::int64_t id{};
    nas::Account login;
    Account before;  // as the run began
};

// A user whose account does not agree with what the fleet knows.
struct Disagreement {
    std::string username;
    std::string sentence;
};

struct Judgement {
    std::vector<Disagreement> violations;
    std::int64_t consumed{};   // seconds that the users were charged in this run
    std::int64_t uncovered{};  // and those that they had no balance for
    std::uint64_t audited{};   // users whose ledgers the daemon checked by itself; 0: the token may not ask
    std::int64_t overdue{};    // sessions without an acknowledged Stop: their NAS lost power or gave up
};

class SimulatedUsers {
public:
    // Creates the users, or looks them up. Throws Failure, and leaves none behind then.
    SimulatedUsers(Api& api, const SimulateOptions& options, const std::string& run,
                   const std::function<void(std::size_t)>& tell_count);

    std::vector<nas::Account> logins() const;
    // Compares with the API's word, and has the ledgers of their organizations audited. While no daemon
    // answers, it waits so long as `patience`.
    Judgement judge(const std::vector<nas::UserTruth>& truths, const std::string& run,
                    std::chrono::seconds patience);
    // Those that were created.
    void remove(std::chrono::seconds patience);
    bool are_ours() const { return are_ours_; }

private:
    void create(const SimulateOptions& options, const std::string& run,
                const std::function<void(std::size_t)>& tell_count);
    void look_up(const std::string& file);
    void audit(Judgement& judgement, std::chrono::seconds patience);

    Api& api_;
    bool are_ours_;
    std::vector<SimulatedUser> users_;
    std::set<std::int64_t> organizations_;
};

}  // namespace hourglass::cli

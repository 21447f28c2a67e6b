// The ledger as it should be, told by what was reported and what was answered, not by how it is done. After
// each step it is held against what Redis has. A report without an answer may have been applied or not.
#pragma once

#include "store/ledger.hpp"
#include "tests/simulation/world.hpp"

#include <set>
#include <stdexcept>

namespace hourglass::test {

// A promise of the ledger that was not kept; what() says which, with the numbers.
struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What Redis has of one user.
struct Account {
    std::optional<std::int64_t> credited;  // nullopt: not metered
    std::int64_t consumed{};
    std::int64_t forgotten{};
    std::vector<store::Session> sessions;
};

class LedgerModel {
public:
    explicit LedgerModel(const World& world) : world_(world) {}

    void add_user(std::string name, std::optional<std::int64_t> balance);
    const std::string& name_of(std::size_t user) const { return users_[user].name; }
    bool is_metered(std::size_t user) const { return users_[user].credited.has_value(); }

    void begin_step() { ++step_; }
    void note(const Arrival& arrival, bool is_answered);
    void note_credit(std::size_t user, std::int64_t seconds);
    // In a step without reports of this user.
    void note_balance(std::size_t user, std::optional<std::int64_t> balance);

    // Throws Violation.
    void check(std::size_t user, const Account& account);
    // Whether every list must name the session: the last word on it was an answer.
    bool must_be_listed(std::size_t user, const store::Session& session) const;

private:
    struct Stay {
        std::int64_t answered{};  // the largest session time that was acknowledged
        std::int64_t reported{};
        int first_answer{};  // step; 0: none yet
        int last_silence{};
        int last_answer{};
        bool is_reported{};
        bool may_be_over{};
        bool must_be_over{};
        bool is_forgotten{};
        store::Time last_heard{};
        std::optional<store::Session> seen;
    };
    struct User {
        std::string name;
        std::optional<std::int64_t> credited;
        std::int64_t consumed{};
        std::int64_t forgotten{};
        std::int64_t added{};  // in this step
        std::int64_t taken{};
        std::vector<std::size_t> stays;
    };

    void note_restart(const store::NasRestart& restart, std::size_t nas, bool is_answered);
    void note_report(const store::AccountingRecord& record, std::size_t stay, bool is_answered);
    void take_new_stays();
    std::size_t stay_of(const User& user, const store::Session& session) const;
    // How much its mark rose.
    std::int64_t check_session(const User& user, std::size_t index, const store::Session& session);
    void check_state(const Stay& stay, const store::Session& session, const std::string& name) const;
    std::int64_t check_missing(const User& user, const std::set<std::size_t>& present);
    void check_sums(const User& user, const Account& account, std::int64_t used,
                    std::int64_t forgotten) const;

    const World& world_;
    std::vector<User> users_;
    std::vector<Stay> stays_;
    int step_ = 0;
};

}  // namespace hourglass::test

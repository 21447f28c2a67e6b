// The ledger as it should be, told by what was reported and what was answered, not by how it is done. After
// each step it is held against what Redis has. A report without an answer may have been applied or not.
#pragma once

#include "tests/simulation/reapers.hpp"

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
    std::optional<std::int64_t> left;  // now; nullopt: not metered
    std::optional<double> due_at;      // as the index of deadlines says
    std::vector<store::Session> sessions;
};

class LedgerModel {
public:
    LedgerModel(const World& world, const store::LedgerRules& rules) : world_(world), rules_(rules) {}

    void add_user(std::string name, std::optional<std::int64_t> balance);
    const std::string& name_of(std::size_t user) const { return users_[user].name; }
    bool is_metered(std::size_t user) const { return users_[user].credited.has_value(); }
    // Now; of somebody who is metered.
    std::int64_t left_of(std::size_t user, store::Time now) const { return left(users_[user], now); }

    void begin_step() { ++step_; }
    void note(const Arrival& arrival, bool is_answered);
    // Before the reports of this step.
    void note_closing(std::size_t user, const Closing& closing);
    void note_credit(std::size_t user, std::int64_t seconds);
    // What is left at that moment, in a step without reports of this user.
    void note_balance(std::size_t user, std::optional<std::int64_t> balance, store::Time now);

    // Throws Violation.
    void check(std::size_t user, const Account& account);
    // Whether what is left now is that.
    void check_left(std::size_t user, const Account& account, store::Time now) const;
    // A credit or debit in a step in which nothing else happened to the user; before it is noted.
    void check_debit(std::size_t user, std::int64_t seconds, store::Time now, bool is_done) const;
    // Whether the last word on each of the user's reports was an answer.
    bool is_acknowledged(std::size_t user) const;
    // Whether every list must name the session: the last word on it was an answer.
    bool must_be_listed(std::size_t user, const store::Session& session) const;

private:
    // Whether the stay was closed because nothing was heard of it, and none of its reports opened it again.
    enum class Silence { none, possible, certain };
    struct Report {
        store::AccountingStatus status{};
        std::int64_t session_time{};
        store::Time arrival{};
    };
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
        Silence silence{};
        int last_closing{};  // step
        store::Time last_heard{};
        std::vector<Report> reports;  // of this step
        std::optional<store::Session> seen;
    };
    struct User {
        std::string name;
        std::optional<std::int64_t> credited;
        std::int64_t consumed{};
        std::int64_t forgotten{};
        int last_silence{};  // step in which one of his reports was not answered
        int last_answer{};
        std::int64_t added{};  // in this step
        std::int64_t taken{};
        std::vector<std::size_t> stays;
    };

    void note_restart(const store::NasRestart& restart, std::size_t nas, bool is_answered);
    void note_report(const store::AccountingRecord& record, std::size_t stay, bool is_answered);
    void note_opening(Stay& stay, bool is_answered) const;
    void take_new_stays();
    std::size_t stay_of(const User& user, const store::Session& session) const;
    // How much its mark rose.
    std::int64_t check_session(const User& user, std::size_t index, const store::Session& session);
    void check_state(Stay& stay, const store::Session& session, const std::string& name) const;
    void check_heard(const Stay& stay, const store::Session& session, const std::string& name) const;
    std::int64_t unreported(const User& user, store::Time now) const;
    std::int64_t left(const User& user, store::Time now) const;
    std::int64_t check_missing(const User& user, const std::set<std::size_t>& present);
    void check_sums(const User& user, const Account& account, std::int64_t used,
                    std::int64_t forgotten) const;

    const World& world_;
    const store::LedgerRules& rules_;
    std::vector<User> users_;
    std::vector<Stay> stays_;
    int step_ = 0;
};

}  // namespace hourglass::test

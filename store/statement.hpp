// The statement of one user: every change of the balance, newest first. Credits are in the order they
// happened in, charges by when their session began, which never changes; so a page that was left off at a
// position goes on there whatever was added meanwhile. The seconds of all entries add up to the balance.
#pragma once

#include "store/ledger.hpp"

#include <limits>
#include <variant>

namespace hourglass::store {

// A change of a balance by an administrator.
struct Credit {
    std::uint64_t number{};  // counts the user's credits from 1
    Time time{};
    Seconds seconds{};
    Balance before;
    Balance after;
    std::string source;  // the Actor
    std::string reason;
};

// What sessions were charged that are no longer remembered: see LedgerRules::retention.
struct ForgottenCharges {
    Seconds charged{};
};

using StatementEntry = std::variant<Credit, Session, ForgottenCharges>;

// Before which entries a page begins: credits of lower numbers, sessions that began earlier, or at the same
// time and have a lower number. The default is the beginning.
struct StatementPosition {
    std::uint64_t credit = std::numeric_limits<std::int64_t>::max();
    Time session_started = Time::max();
    std::uint64_t session = std::numeric_limits<std::int64_t>::max();

    bool operator==(const StatementPosition&) const = default;
};

struct Statement {
    std::optional<Seconds> credited;  // nullopt: not metered
    Seconds consumed{};
    std::vector<StatementEntry> entries;
    std::optional<StatementPosition> next;  // nullopt: this was the last page

    Balance balance() const { return credited ? Balance(*credited - consumed) : Balance(); }
};

// Two kinds of entries, each newest first, as one page; `limit` is 1 or more. Of `credits` there may be only
// the newest `limit` + 1 before the position, of `sessions` there must be all.
Statement make_page(std::vector<Credit> credits, std::vector<Session> sessions, Seconds forgotten,
                    StatementPosition from, std::uint64_t limit);

}  // namespace hourglass::store

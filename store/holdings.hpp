// All that is kept of one user, read as it stands at one instant, for an audit: nothing is left out, and what
// cannot be read is said instead of skipped.
#pragma once

#include "store/account.hpp"
#include "store/redis_connection.hpp"
#include "store/session_index.hpp"
#include "store/statement.hpp"
#include "store/user_indexes.hpp"

#include <set>

namespace hourglass::store {

struct KeptSession {
    Session session;
    std::string field;  // as the lists name it: without the number of an earlier stay
    bool is_newest{};   // under its Acct-Session-Id
    bool is_listed{};   // false: the lists may miss it, its first report was not acknowledged
};

struct Holdings {
    UserTag tag;
    UserId user{};         // 0: the name of nobody
    std::string username;  // of a removed user his last, as long as his sessions are remembered
    OrganizationId organization{};
    std::optional<Membership> record;  // nullopt: he was removed, or is nobody
    std::optional<Time> date_joined;
    Account account;
    std::uint64_t sessions_numbered{};  // how many sessions were given a number
    bool is_deadline_published{};
    Seconds forgotten{};                  // charges of sessions that are no longer remembered
    std::vector<KeptSession> sessions;    // running and closed
    std::set<std::uint64_t> details;      // numbers of the sessions that have some
    std::vector<Credit> credits;          // in the order they happened
    std::vector<std::string> leftovers;   // names of what only a user may have, where there is no record
    std::vector<std::string> unreadable;  // where

    bool is_empty() const;
    bool has_running_sessions() const { return !account.heard.empty(); }
    SessionEntry entry_of(const KeptSession& kept) const { return {tag, kept.session.started, kept.field}; }
};

void add_holdings_read(Pipeline& pipeline, const UserTag& tag);
// Error::corrupt for what is no answer of the script.
result<Holdings> parse_holdings(const UserTag& tag, const Reply& reply, Seconds stale_limit);

}  // namespace hourglass::store

// What the script apply_accounting is told, and what it answers.
#pragma once

#include "store/ledger.hpp"
#include "store/redis_connection.hpp"
#include "store/session_index.hpp"

namespace hourglass::store {

// Where one session is kept.
struct SessionPlace {
    UserTag tag;
    std::string field;

    // Of a stay there, in the lists of its NAS and of its organization.
    SessionEntry entry(Time started) const { return {tag, started, field}; }
};

struct AccountingAnswer {
    bool is_another{};  // the user is another than was thought, or gone; nothing else is said then
    Applied applied;
    bool is_field_open{};  // the newest stay under the session's id runs
    // Of the stay that the report was about.
    bool is_running{};
    bool may_go_on{};              // it was closed without a Stop: an Interim opens it again
    bool is_listed{};              // false: the indexes may miss it
    std::optional<Time> deadline;  // to be published before it is acknowledged
    std::uint64_t visits{};        // as publish_deadline() wants it
};

// What the user's record must be for a report to be his.
struct RecordDemand {
    std::string name{};  // it has this user name; empty: any
    bool is_there{};     // it is there
};

// `listed_under`: the organization whose index names a Start already; nullopt: none.
void add_report(Pipeline& pipeline, const SessionPlace& place, const AccountingRecord& record,
                const RecordDemand& demand, std::optional<OrganizationId> listed_under,
                const LedgerRules& rules);
void add_restart(Pipeline& pipeline, const SessionPlace& place, const NasRestart& restart,
                 const LedgerRules& rules);
// Closes the session if `heard` was the arrival of its last report.
void add_stale_closing(Pipeline& pipeline, const SessionPlace& place, Time heard, Time now,
                       const LedgerRules& rules);

result<AccountingAnswer> parse_accounting_answer(std::string_view line, const UserTag& tag);

}  // namespace hourglass::store

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

    // Of a stay there.
    SessionEntry entry(Time started) const { return {tag, started, field}; }
    // In the index of its NAS.
    std::string nas_member() const { return tag.text + " " + field; }
};

struct AccountingAnswer {
    std::string_view outcome;  // lives as long as the reply
    Applied applied;
    bool is_field_open{};  // the newest stay under the session's id runs
    // Of the stay that the report was about.
    bool is_running{};
    bool is_listed{};  // false: the indexes may miss it
};

// `listed_under`: the organization whose index names a Start already; nullopt: none.
void add_report(Pipeline& pipeline, const SessionPlace& place, const AccountingRecord& record,
                bool is_known_user, std::optional<OrganizationId> listed_under);
void add_restart(Pipeline& pipeline, const SessionPlace& place, const NasRestart& restart);

result<AccountingAnswer> parse_accounting_answer(const Reply& reply, const UserTag& tag);

}  // namespace hourglass::store

// What the commonest reports do to an account, worked out from what was read of it: a Start or an Interim of
// a session that is not known, an Interim of one that runs, the Stop of one; all of somebody who has a
// record. Neither Redis nor a clock. The writes are right only if nothing that was to be watched has changed
// since it was read, see report_batches.hpp. What is not common, or does not look as it should, is left to
// the script apply_accounting, which does the same with the rest (tests/contract/report_step_test.cpp).
#pragma once

#include "store/accounting_script.hpp"
#include "store/session_text.hpp"

#include <span>
#include <string>
#include <vector>

namespace hourglass::store {

struct AccountRead;
struct RecordRead;

class ReportStep {
public:
    // `record` and `rules` outlive it.
    ReportStep(SessionPlace place, const AccountingRecord& record, RecordDemand demand,
               const LedgerRules& rules);
    ReportStep(const ReportStep&) = delete;
    ReportStep& operator=(const ReportStep&) = delete;

    const SessionPlace& place() const { return place_; }
    // They live as long as this.
    void add_watched_keys(std::vector<std::string_view>& keys) const;
    void add_reads(Pipeline& reads) const;
    // False: it is one for the script. May be told anew what was read.
    bool take_reads(std::span<const Reply> replies);
    // What only the first reads tell to be needed; mostly nothing.
    void add_further_reads(Pipeline& reads) const;
    bool take_further_reads(std::span<const Reply> replies);
    void add_writes(Pipeline& writes) const;
    // True once the writes are done.
    const Applied& applied() const { return applied_; }

private:
    void add_reads_of_unknown(Pipeline& reads) const;
    bool open(const AccountRead& account, std::span<const Reply> replies);
    bool bring_forward(const AccountRead& account);
    bool says_nothing_new(const PackedSession& before, std::int64_t used) const;
    bool bring_forward(const AccountRead& account, const PackedSession& before, std::int64_t used,
                       std::int64_t age);
    void charge(const AccountRead& account, std::int64_t used, std::int64_t covered);
    std::optional<std::optional<Time>> deadline_of_new(const AccountRead& account, std::int64_t covered,
                                                       const RecordRead& owner) const;
    bool has_forgettable(std::span<redisReply* const> closed) const;
    void add_opening(Pipeline& writes) const;
    void add_closing(Pipeline& writes) const;

    SessionPlace place_;
    const AccountingRecord& record_;
    RecordDemand demand_;
    const LedgerRules& rules_;
    Time arrival_;
    std::string account_key_;
    std::string user_key_;
    std::string fingerprint_;

    std::string merged_details_;  // empty: as the report has them
    PackedSession session_;       // as it is after the report
    std::int64_t consumed_ = 0;
    bool is_new_ = false;     // the session is not known
    bool is_written_ = true;  // false: it changes nothing
    bool has_new_details_ = false;
    bool is_sweep_due_ = false;
    bool has_closed_sessions_ = false;
    std::string new_name_;          // of the user, for the account; empty: it is known there
    std::optional<Time> deadline_;  // to be published
    Applied applied_;
};

}  // namespace hourglass::store

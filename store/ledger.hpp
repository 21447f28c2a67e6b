// The promises about time: each second of each session is charged once, and an answer means that Redis has it
// on disk. Every step is safe to repeat, and one script on one user's keys; the commonest are steps of a
// transaction with others' (report_batches.hpp), of which each holds for itself.
#pragma once

#include "store/accounting_record.hpp"
#include "store/error.hpp"
#include "store/keys.hpp"
#include "store/session_details.hpp"
#include "store/users.hpp"

namespace hourglass::store {

class RedisConnection;
class ReportBatches;

// One stay of a user, running or closed.
struct Session {
    SessionId id{};          // see session_ids.hpp; 0 where a user has too many
    UserId user{};           // 0: unknown
    std::uint64_t number{};  // counts the user's sessions from 1
    std::string nas;
    std::string session_id;
    bool is_running{};
    Seconds session_time{};  // the high-water mark
    Seconds charged{};
    Seconds uncovered{};
    std::uint64_t input_octets{};
    std::uint64_t output_octets{};
    Time started{};
    Time updated{};
    Time heard{};               // when its last report arrived, by our clock; `updated` is by the NAS's
    std::optional<Time> ended;  // the Stop, or the last report; nullopt: it runs
    SessionDetails details;
};

enum class StaleClosing { closed, unchanged };

class Ledger {
public:
    // `batches` may be null: then each report is a script of its own.
    Ledger(RedisConnection& redis, Users& users, const LedgerRules& rules, ReportBatches* batches);

    // Charges max(0, reported - mark). When it returns a value, the usage is durable. Usage of an unknown
    // user is recorded and charged to nobody. `record` outlives the coroutine.
    awaitable<result<Applied>> apply(const AccountingRecord& record);

    // Closes the NAS's sessions that began before the event, each at its last proven second. Returns how
    // many. `restart` outlives the coroutine.
    awaitable<result<std::uint64_t>> close_sessions_of(const NasRestart& restart);

    // Closes a running session at its last proven second, because nothing was heard of it or its NAS does not
    // know it; unless anything was heard after `session` was read, or it is closed. A report that comes
    // later still settles; an Interim opens it again.
    awaitable<result<StaleClosing>> close_stale(UserTag tag, Session session, Time now);

    // Running and remembered sessions of one user, newest first.
    awaitable<result<std::vector<Session>>> sessions_of(UserId user);

private:
    std::optional<Bearer> recall_bearer(const AccountingRecord& record);
    awaitable<result<Applied>> apply_by_script(const AccountingRecord& record);
    awaitable<result<Applied>> apply_to_nobody(const AccountingRecord& record);
    awaitable<result<std::optional<Applied>>> apply_by_class(const AccountingRecord& record);
    awaitable<result<std::optional<Applied>>> apply_by_name(const AccountingRecord& record);

    RedisConnection& redis_;
    Users& users_;
    const LedgerRules& rules_;
    ReportBatches* batches_;
};

}  // namespace hourglass::store

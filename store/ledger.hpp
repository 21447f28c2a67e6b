// The promises about time: each second of each session is charged once, and an answer means that Redis has it
// on disk. Every step is one script on one user's keys, and safe to repeat.
#pragma once

#include "store/accounting_record.hpp"
#include "store/error.hpp"
#include "store/users.hpp"

namespace hourglass::store {

class RedisConnection;

// How long the marks of closed sessions are remembered: what a late or repeated report is held against.
inline constexpr Seconds closed_session_retention = std::chrono::days(90);

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
    std::optional<Time> ended;  // the Stop, or the last report before the NAS restarted; nullopt: it runs
    SessionDetails details;
};

class Ledger {
public:
    Ledger(RedisConnection& redis, Users& users);

    // Charges max(0, reported - mark). When it returns a value, the usage is durable. Usage of an unknown
    // user is recorded and charged to nobody.
    awaitable<result<Applied>> apply(AccountingRecord record);

    // Closes the NAS's sessions that began before the event, each at its last proven second. Returns how
    // many.
    awaitable<result<std::uint64_t>> close_sessions_of(NasRestart restart);

    // Running and remembered sessions of one user, newest first.
    awaitable<result<std::vector<Session>>> sessions_of(UserId user);

private:
    RedisConnection& redis_;
    Users& users_;
};

}  // namespace hourglass::store

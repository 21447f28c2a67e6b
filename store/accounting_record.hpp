// What RADIUS accounting says, freed of its encoding: the ledger's input.
#pragma once

#include "store/record.hpp"
#include "store/sought_user.hpp"

#include <chrono>

namespace hourglass::store {

enum class AccountingStatus { start, interim, stop };

// One report of one session, from one Accounting-Request.
struct AccountingRecord {
    AccountingStatus status{};
    std::string username;    // User-Name as sent, 253 octets at most
    std::string nas;         // who tells sessions apart: see nas_identity() in radius/accounting.hpp
    std::string session_id;  // Acct-Session-Id
    std::chrono::system_clock::time_point received_at;
    // Event-Timestamp (RFC 2869 section 5.3), else arrival less Acct-Delay-Time.
    Time event_time{};
    Seconds session_time{};         // Acct-Session-Time; 0 in a Start
    std::uint64_t input_octets{};   // with Acct-Input-Gigawords
    std::uint64_t output_octets{};  // with Acct-Output-Gigawords
    std::string details;            // encoded, see session_details.hpp
    bool is_clamped{};              // charge no more than our clock allows, and wall_clock_tolerance
    UserId user{};  // whom a Class of ours names, and `username` does not matter; 0: none does
    std::optional<SoughtUser>
        sought{};  // whom `username` means, by the rules of names; nullopt: who bears it
};

// Accounting-On or Accounting-Off (RFC 2866 section 5.1): every session of this NAS that began before it is
// over.
struct NasRestart {
    std::string nas;
    std::chrono::system_clock::time_point received_at;
    Time event_time{};
};

// By how much a session's time may grow faster than our clock between two of its reports: packets are late
// and clocks differ a little.
inline constexpr Seconds wall_clock_tolerance{30};

// A counter of a NAS that no honest clock makes. It is applied all the same.
enum class Anomaly : std::uint8_t { time_jumped, time_fell, octets_fell };
std::string_view name_of(Anomaly anomaly);

// What applying a record did. Any of them may be acknowledged.
struct Applied {
    enum class Outcome { opened, updated, closed, duplicate };
    Outcome outcome{};
    bool is_known_user{};           // false: recorded, charged to nobody
    UserId user{};                  // 0: unknown
    OrganizationId organization{};  // the user's; 0: unknown
    std::uint64_t number{};         // of the session within the user's; 0: it is no longer remembered
    Time started{};                 // of that session
    Seconds charged{};              // taken from the balance by this record
    Seconds uncovered{};            // used by this record beyond what the balance held
    Balance balance;                // after it, settled
    std::optional<Anomaly> anomaly;
};

}  // namespace hourglass::store

// Sessions as they lie in Redis: the field that names one, the packed text that the script apply_accounting
// keeps of it, and its details.
#pragma once

#include "store/ledger.hpp"

namespace hourglass::store {

// "s", then the NAS and the Acct-Session-Id, each behind its length: no two pairs make one field, and none
// looks like the other fields of an account.
std::string session_field(std::string_view nas, std::string_view session_id);

// Whether such a field, or that of an earlier stay, is meant.
bool names_session(std::string_view field);

// What is kept of a session under `field`; closed ones of earlier stays are under "<field>#<number>".
// Whose it is is not in there, and `details` come apart. nullopt if it cannot be read.
std::optional<Session> parse_session(std::string_view field, std::string_view text);

// That text of a running session. Times are seconds, by the clocks that Session says.
struct PackedSession {
    std::uint64_t number{};
    std::uint64_t previous{};  // number of the stay before it under the same id; 0: none
    std::int64_t mark{};
    std::int64_t charged{};
    std::int64_t uncovered{};
    std::uint64_t input_octets{};
    std::uint64_t output_octets{};
    std::int64_t start{};
    std::int64_t age{};  // from the start to the last report
    std::string_view fingerprint;
    std::string_view flag;  // listed, or the lists may miss it
    std::int64_t heard{};
};
inline constexpr std::string_view listed_flag = "-";

// nullopt if it does not run, or has the form of before `heard` was kept.
std::optional<PackedSession> unpack_running(std::string_view text);
std::string pack(const PackedSession& running);
// Of one that a Stop has closed.
std::string pack_stopped(const PackedSession& session, Time closed_at);

// When the last report of an open session arrived, from its text.
Time heard_in(std::string_view text);

// False if the lists may miss the session, from its text.
bool is_listed(std::string_view text);

// As encode() in session_details.hpp writes them.
std::optional<SessionDetails> parse_details(std::string_view text);
// What a report does not say keeps its value. nullopt if either cannot be read.
std::optional<std::string> merge_details(std::string_view known, std::string_view said);

// Tells whether details have changed: FNV-1a of their encoding, in hexadecimal.
std::string fingerprint(std::string_view encoded_details);

}  // namespace hourglass::store

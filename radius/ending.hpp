// What a user's running sessions need now: which must end and why, which must be told of a new limit, which
// were silent for too long; and when somebody must look again. Pure: what a visit saw, NASes, profiles and
// the time in, steps out.
//
// An acknowledged Disconnect-Request is a promise and no end. The session is over with its Stop, or with its
// silence; until then each request is followed by another, later and later.
#pragma once

#include "radius/dynamic_authorization.hpp"
#include "radius/snapshot.hpp"
#include "store/deadlines.hpp"

namespace hourglass::radius::ending {

enum class Reason : std::uint8_t {
#define ENDING(reason, sentence) reason,
#include "radius/ending_reasons.def"
#undef ENDING
};
std::string_view name_of(Reason reason);  // "exhausted"

// Reports and deadlines are kept in whole seconds. One second more, and the NAS has counted the last of the
// balance too, or has ended the session by its own Session-Timeout.
inline constexpr store::Seconds counting_error{1};
// How long a noted request may be under way; then it was lost with the daemon that sent it.
inline constexpr store::Seconds request_lease{75};
// Between two requests to end one session; doubled with each.
inline constexpr store::Seconds retry_delay_min{5};
inline constexpr store::Seconds retry_delay_max{300};
// A report that arrives so long after an acknowledgement was under way when it was given.
inline constexpr store::Seconds acknowledgement_grace{2};
// How long the Stop of a session that its NAS does not know may still be on its way.
inline constexpr store::Seconds stop_grace{3};
// How often an acknowledged session is looked at for a report that shows that it goes on.
inline constexpr store::Seconds unconfirmed_interval{15};

enum class Action : std::uint8_t {
    leave,
    disconnect,   // by a Disconnect-Request
    change,       // by a CoA-Request with the new Session-Timeout
    cannot_end,   // its NAS takes no Disconnect-Request
    close_stale,  // nothing was heard for too long, or its NAS does not know it
};

struct Step {
    Action action{};
    Reason reason{};       // of an end
    bool has_gone_on{};    // although its NAS acknowledged the last request
    bool is_silent = true; // of close_stale: false if its NAS said so

    bool operator==(const Step&) const = default;
};

struct Plan {
    std::vector<Step> steps;          // one for each session of the visit, in their order
    std::optional<store::Time> next;  // when to look again unless something happens; nullopt: no need to
    store::Seconds session_timeout{};  // for CoA-Requests
    std::optional<store::Seconds> stale_limit;  // as for Deadlines::schedule()
};
Plan plan(const store::Visit& visit, const Snapshot& snapshot, store::Time now);

// The NAS that a session runs on; nullptr: none that we know.
const Client* find_nas(const Snapshot& snapshot, const store::Session& session);
// nullopt: its address cannot be read.
std::optional<dynamic_authorization::Request> request_for(const store::UserSession& session,
                                                          dynamic_authorization::Kind kind);

// What is noted with a session when a request to end it leaves, and when its outcome is known.
store::Disconnect begun(const std::optional<store::Disconnect>& noted, Reason reason, store::Time now);
store::Disconnect concluded(store::Disconnect begun, const dynamic_authorization::Outcome& outcome,
                            store::Time now);
// The same of a session whose NAS takes no such request.
store::Disconnect impossible(const std::optional<store::Disconnect>& noted, Reason reason, store::Time now);

}  // namespace hourglass::radius::ending

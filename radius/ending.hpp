// What a user's running sessions need now: which must end and why, which must be told of a new limit, which
// were silent for too long; and when somebody must look again. Pure: what a visit saw, NASes, profiles and
// the time in, steps out.
//
// An acknowledged Disconnect-Request is a promise and no end. The session is over with its Stop, or with its
// silence; until then each request is followed by another, later and later.
#pragma once

#include "radius/ending_note.hpp"
#include "radius/snapshot.hpp"
#include "store/deadlines.hpp"

namespace hourglass::radius::ending {

// Reports and deadlines are kept in whole seconds. One second more, and the NAS has counted the last of the
// balance too, or has ended the session by its own Session-Timeout.
inline constexpr store::Seconds counting_error{1};
// How long before the end of the balance a session is moved to the walled garden, so that its NAS does not
// end it by its own Session-Timeout first.
inline constexpr store::Seconds walled_garden_lead{2};
// A report that arrives so long after an acknowledgement was under way when it was given.
inline constexpr store::Seconds acknowledgement_grace{2};
// How often an acknowledged session is looked at for a report that shows that it goes on.
inline constexpr store::Seconds unconfirmed_interval{15};

enum class Action : std::uint8_t {
    leave,
    disconnect,   // by a Disconnect-Request
    confine,      // to the walled garden, by a CoA-Request
    change,       // by a CoA-Request with the new Session-Timeout
    cannot_end,   // its NAS takes no Disconnect-Request
    close_stale,  // nothing was heard for too long, or its NAS does not know it
};

struct Step {
    Action action{};
    Reason reason{};        // of an end
    bool has_gone_on{};     // although its NAS acknowledged the last request
    bool is_silent = true;  // of close_stale: false if its NAS said so
    bool is_release{};      // of a change: out of the walled garden
    // What a CoA-Request sets; Session-Timeout stands first.
    std::vector<dynamic_authorization::AttributeChange> changes{};

    bool operator==(const Step&) const = default;
};

struct Plan {
    std::vector<Step> steps;            // one for each session of the visit, in their order
    std::optional<store::Time> next;    // when to look again unless something happens; nullopt: no need to
    std::size_t attributes_left_out{};  // of profiles, since no packet can carry them
    std::optional<store::Seconds> stale_limit;  // as for Deadlines::schedule()
};
Plan plan(const store::Visit& visit, const Snapshot& snapshot, store::Time now);

// The NAS that a session runs on; nullptr: none that we know.
const Client* find_nas(const Snapshot& snapshot, const store::Session& session);
// What a step asks of the NAS. nullopt: we do not know that NAS.
std::optional<dynamic_authorization::Request> request_for(const store::UserSession& session, const Step& step,
                                                          const Snapshot& snapshot);

// What is noted in the place of a reason while a session is under way to its end, or to the walled garden.
std::string_view noted_reason(const Step& step);

}  // namespace hourglass::radius::ending

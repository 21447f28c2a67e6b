// What is noted in Redis with a session whose end is asked for: the wish, each request, what became of it,
// and when the next may follow. Pure.
#pragma once

#include "radius/dynamic_authorization.hpp"
#include "store/sessions.hpp"

namespace hourglass::radius::ending {

enum class Reason : std::uint8_t {
#define ENDING(reason, sentence) reason,
#include "radius/ending_reasons.def"
#undef ENDING
};
std::string_view name_of(Reason reason);  // "exhausted"

// How long a noted request may be under way; then it was lost with the daemon that sent it.
inline constexpr store::Seconds request_lease{75};
// Between two requests to end one session; doubled with each.
inline constexpr store::Seconds retry_delay_min{5};
inline constexpr store::Seconds retry_delay_max{300};
// How long the Stop of a session that its NAS does not know may still be on its way.
inline constexpr store::Seconds stop_grace{3};

// Noted in the place of a reason while a session is in the walled garden, and since it may leave again.
inline constexpr std::string_view confined = "walled_garden";
inline constexpr std::string_view released = "released";

using Noted = std::optional<store::Disconnect>;

// By an administrator, and it has not been found to be impossible.
bool is_asked_for(const Noted& noted);
bool is_confined(const Noted& noted);

// When a request leaves, and when its outcome is known.
store::Disconnect begun(const Noted& noted, std::string_view reason, store::Time now);
store::Disconnect concluded(store::Disconnect begun, const dynamic_authorization::Outcome& outcome,
                            store::Time now);
// The NAS takes no such request.
store::Disconnect impossible(const Noted& noted, std::string_view reason, store::Time now);
// A session may leave the walled garden.
store::Disconnect free_again(store::Disconnect noted);

}  // namespace hourglass::radius::ending

// Which sessions a list is asked for.
#pragma once

#include "api/authorization.hpp"
#include "store/sessions.hpp"

namespace hourglass::api {

// From the parameters and what the token may see; 400 and 403 as for other filters.
Checked<store::SessionFilter> read_session_filter(const Context& context);

// A bound in time: a date, or a date and time, with or without an offset (none is UTC). Of a date `from` is
// its first second and `until` its last; a fraction counts to the side that leaves the second out. nullopt:
// it is no time.
enum class Bound : std::uint8_t { from, until };
std::optional<store::Time> parse_bound(std::string_view text, Bound bound);

}  // namespace hourglass::api

// How what was seen of NASes is shown, with a NAS and with a source address.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

// Lets the store know what this daemon has seen until now.
awaitable<void> gather_sightings(Context& context);

// Every count there may be, 0 where nothing was counted; those of drops in an object of their own, and there
// only what was counted: {"access_requests": 7, …, "drops": {"malformed": 1}}.
json show_traffic(const store::Sighting& sighting);
// What it was seen to do; the vendors of its attributes are told by show_vendors().
std::set<std::string> traits_of(const store::Sighting& sighting);
// By number, ascending.
json show_vendors(const store::Sighting& sighting);

}  // namespace hourglass::api

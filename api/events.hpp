// /events/: what happens, as it happens.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description events_description;

awaitable<Response> stream_events(Context& context);

}  // namespace hourglass::api

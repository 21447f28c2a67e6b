// /events/: what happens, as it happens.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

awaitable<Response> stream_events(Context& context);

}  // namespace hourglass::api

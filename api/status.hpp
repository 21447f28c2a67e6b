// /status/: everything an operator would look at first, in one reply: the daemon, its Redis, its journal, its
// disk, and whether anybody waits for something that is overdue.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description status_description;

awaitable<Response> read_status(Context& context);

}  // namespace hourglass::api

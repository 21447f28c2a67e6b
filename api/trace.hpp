// /trace/: the packets of this daemon as they come, with what was decided and why.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description trace_description;

awaitable<Response> trace_packets(Context& context);

}  // namespace hourglass::api

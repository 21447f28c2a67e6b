// What operators and their monitoring ask: /healthz, /readyz, /metrics.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

awaitable<Response> read_health(Context& context);
awaitable<Response> read_readiness(Context& context);
awaitable<Response> read_metrics(Context& context);

}  // namespace hourglass::api

// What operators and their monitoring ask: /healthz, /readyz, /metrics.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description health_description;
extern const Description readiness_description;
extern const Description metrics_description;

awaitable<Response> read_health(Context& context);
awaitable<Response> read_readiness(Context& context);
awaitable<Response> read_metrics(Context& context);

}  // namespace hourglass::api

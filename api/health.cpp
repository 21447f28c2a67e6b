#include "api/health.hpp"

namespace hourglass::api {

awaitable<Response> read_health(Context&) {
    co_return reply(http::status::ok, {
                                          {"status", "ok"}
    });
}

awaitable<Response> read_readiness(Context& context) {
    const auto& is_ready = context.environment.health.is_ready;
    if (is_ready && is_ready())
        co_return reply(http::status::ok, {
                                              {"status", "ready"}
        });
    co_return reply(http::status::service_unavailable, {
                                                           {"status", "not ready"}
    });
}

awaitable<Response> read_metrics(Context& context) {
    const auto& metrics = context.environment.health.metrics;
    Response response;
    response.body = metrics ? metrics() : "# EOF\n";
    response.content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    co_return response;
}

}  // namespace hourglass::api

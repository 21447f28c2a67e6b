#include "api/health.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view tag = "health";
constexpr std::string_view metrics_media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";

constexpr auto fields = std::to_array<Field>({
    text("status"),
});
constexpr Record health_record{.name = "Health", .fields = fields, .example = R"({"status": "ok"})"};
constexpr Record readiness_record{.name = "Readiness", .fields = fields, .example = R"({"status": "ready"})"};
constexpr auto not_ready = std::to_array<Exception>({
    {http::verb::get, http::status::service_unavailable, "The store is away or not safe to use.",
     &readiness_record},
});

}  // namespace

const Description health_description{
    .tag = tag,
    .about = "For monitoring.",
    .shown = &health_record,
    .operation = "read_health",
    .summary = "Whether the process is alive",
};
const Description readiness_description{
    .tag = tag,
    .shown = &readiness_record,
    .exceptions = not_ready,
    .operation = "read_readiness",
    .summary = "Whether the store is reachable and safe",
};
const Description metrics_description{
    .tag = tag,
    .operation = "read_metrics",
    .summary = "Read what is counted, as OpenMetrics",
    .media_type = metrics_media_type,
};

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
    response.content_type = metrics_media_type;
    co_return response;
}

}  // namespace hourglass::api

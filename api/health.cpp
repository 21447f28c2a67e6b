#include "api/health.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view tag = "health";
constexpr std::string_view metrics_media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";

constexpr auto fields = std::to_array<Field>({
    text("status"),
});
constexpr auto readiness_fields = std::to_array<Field>({
    text("status"),
    integer("journal_pending"),
});
constexpr Record health_record{.name = "Health", .fields = fields, .example = R"({"status": "ok"})"};
constexpr Record readiness_record{.name = "Readiness",
                                  .fields = readiness_fields,
                                  .example = R"({"status": "ready", "journal_pending": 0})"};
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
    const auto& health = context.environment.health;
    const bool is_ready = health.is_ready && health.is_ready();
    const auto journal = health.journal ? health.journal() : std::nullopt;
    co_return reply(is_ready ? http::status::ok : http::status::service_unavailable,
                    {
                        {"status",          is_ready ? "ready" : "not ready"},
                        {"journal_pending", journal ? journal->pending : 0  }
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

#include "api/health.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view tag = "health";
constexpr std::string_view open_metrics = "application/openmetrics-text";

struct MetricsText {
    MetricsFormat format;
    std::string_view media_type;
};
constexpr MetricsText open_metrics_text{MetricsFormat::open_metrics,
                                        "application/openmetrics-text; version=1.0.0; charset=utf-8"};
// For whoever does not ask for more.
constexpr MetricsText prometheus_text{MetricsFormat::prometheus, "text/plain; version=0.0.4; charset=utf-8"};

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
    .summary = "Read what is counted, for Prometheus; as OpenMetrics where Accept asks for that",
    .media_type = prometheus_text.media_type,
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
    const auto accepted = context.request.header(http::field::accept);
    const auto& text = accepted.find(open_metrics) == accepted.npos ? prometheus_text : open_metrics_text;
    const auto& metrics = context.environment.health.metrics;
    Response response;
    if (metrics) response.body = metrics(text.format);
    response.content_type = text.media_type;
    co_return std::move(response).with("Vary", "Accept");
}

}  // namespace hourglass::api

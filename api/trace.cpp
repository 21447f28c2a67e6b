#include "api/trace.hpp"

#include "api/authorization.hpp"
#include "api/problem.hpp"
#include "api/trace_listener.hpp"

namespace hourglass::api {
namespace {

constexpr auto options = std::to_array<Parameter>({
    {text("user"), "Packets with this User-Name."                                      },
    {text("nas"),  "Packets of this NAS, by its name or by the address they come from."},
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::get, http::status::bad_request, "No NAS has this name."},
});

awaitable<void> tell(std::shared_ptr<TraceListener> listener, BodyWriter& writer) {
    co_await listener->tell(writer);
}

}  // namespace

const Description trace_description{
    .tag = "trace",
    .about = "The packets of one daemon, as they come.",
    .options = options,
    .exceptions = exceptions,
    .operation = "trace_packets",
    .summary = "Watch packets and decisions as Server-Sent Events",
    .media_type = "text/event-stream",
};

// Packets belong to no tenant: whoever is confined sees none.
awaitable<Response> trace_packets(Context& context) {
    if (is_confined(context.token)) co_return permission_denied();
    auto opened = context.environment.open_trace(
        {.user = context.query.find("user"), .nas = context.query.find("nas")});
    if (!opened) co_return field_problem(opened.error().parameter, opened.error().sentence);
    if (*opened == nullptr) co_return problem(http::status::service_unavailable, "Too many traces.");

    const auto listener = std::make_shared<TraceListener>(
        *std::move(opened), [&request = context.request, &environment = context.environment] {
            return is_still_authorized(request, Access::admin, environment);
        });
    Response response;
    response.content_type = "text/event-stream";
    response.with("Cache-Control", "no-cache");
    response.with("X-Accel-Buffering", "no");  // nginx would hold packets back otherwise
    response.produce = [listener](BodyWriter& writer) { return tell(listener, writer); };
    co_return response;
}

}  // namespace hourglass::api

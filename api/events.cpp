#include "api/events.hpp"

#include "api/authorization.hpp"
#include "api/event_listener.hpp"
#include "api/filters.hpp"
#include "api/problem.hpp"
#include "api/text.hpp"

namespace hourglass::api {
namespace {

Checked<std::vector<std::string>> read_types(const Query& query) {
    std::vector<std::string> types;
    const auto text = query.find("type");
    if (!text) return types;
    for (std::string_view left = *text; !left.empty();) {
        const auto item = left.substr(0, left.find(','));
        left.remove_prefix(std::min(item.size() + 1, left.size()));
        const auto type = trim(item);
        if (type.empty()) continue;
        if (!store::is_event_type(type))
            return field_problem("type", "\"" + std::string(type) + "\" is not a valid choice.");
        types.emplace_back(type);
    }
    return types;
}

Checked<EventFilter> read_filter(const Context& context) {
    const auto organization = read_organization_filter(context, "organization");
    if (!organization) return organization.error();
    auto types = read_types(context.query);
    if (!types) return types.error();
    return EventFilter{.organization = *organization,
                       .visible_organizations = context.token.organizations,
                       .types = *std::move(types)};
}

// A browser that comes again says where it was in the header.
Checked<std::optional<store::EventId>> read_position(const Context& context) {
    std::string text(trim(std::string_view(context.request.message["Last-Event-ID"])));
    if (text.empty()) text = context.query.find("last_event_id").value_or("");
    if (text.empty()) return std::optional<store::EventId>();
    const auto position = store::parse_event_id(text);
    if (!position) return field_problem("last_event_id", "This is not the id of an event.");
    return position;
}

awaitable<void> tell(std::shared_ptr<EventListener> listener, BodyWriter& writer) {
    co_await listener->tell(writer);
}

constexpr auto options = std::to_array<Parameter>({
    {integer("organization"), "What concerns this organization's users."                    },
    {text("type"),            "Types of events, separated by commas."                       },
    {text("last_event_id"),   "Goes on after this event; the header Last-Event-ID does too."},
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::get, http::status::bad_request, "A parameter is not what it should be."},
});

}  // namespace

const Description events_description{
    .tag = "events",
    .about = "What happens, as it happens.",
    .options = options,
    .exceptions = exceptions,
    .operation = "stream_events",
    .summary = "Listen to events as Server-Sent Events",
    .media_type = "text/event-stream",
};

awaitable<Response> stream_events(Context& context) {
    auto filter = read_filter(context);
    if (!filter) co_return filter.error();
    const auto asked = read_position(context);
    if (!asked) co_return asked.error();
    if (!context.environment.events.has_room())
        co_return problem(http::status::service_unavailable, "Too many listeners.");

    const auto kept = co_await context.store.events.kept();
    if (!kept) co_return problem(kept.error());

    const auto listener = std::make_shared<EventListener>(
        context.environment.events, context.store.events, *std::move(filter), asked->value_or(kept->newest),
        [&request = context.request, &environment = context.environment] {
            return is_still_authorized(request, Access::read, environment);
        });
    Response response;
    response.content_type = "text/event-stream";
    response.with("Cache-Control", "no-cache");
    response.with("X-Accel-Buffering", "no");  // nginx would hold events back otherwise
    response.produce = [listener](BodyWriter& writer) { return tell(listener, writer); };
    co_return response;
}

}  // namespace hourglass::api

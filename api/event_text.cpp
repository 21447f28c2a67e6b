#include "api/event_text.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::string_view reconnect_milliseconds = "2000";

template <class Item>
bool is_empty_or_holds(const std::vector<Item>& items, const Item& item) {
    return items.empty() || std::ranges::find(items, item) != items.end();
}

// Without an id, so that the listener's stays the one of the last real event.
std::string notice(std::string_view type, std::string_view sentence) {
    return std::string("event: ")
        .append(type)
        .append("\ndata: {\"type\":\"")
        .append(type)
        .append("\",\"detail\":\"")
        .append(sentence)
        .append("\"}\n\n");
}

}  // namespace

bool EventFilter::admits(const store::StoredEvent& event) const {
    return (!organization || event.organization == *organization) &&
           is_empty_or_holds(visible_organizations, event.organization) &&
           is_empty_or_holds(types, event.type);
}

std::string opening_text(const store::EventId& position) {
    return std::string("retry: ")
        .append(reconnect_milliseconds)
        .append("\nid: ")
        .append(to_text(position))
        .append("\n\n");
}

// The JSON is compact, so that it is one line.
std::string event_text(const store::StoredEvent& event) {
    return std::string("id: ")
        .append(to_text(event.id))
        .append("\nevent: ")
        .append(event.type)
        .append("\ndata: ")
        .append(event.json)
        .append("\n\n");
}

std::string gap_text() {
    return notice("gap",
                  "Events after the Last-Event-ID are no longer kept; these are the oldest there are.");
}

std::string dropped_text() {
    return notice("dropped", "Events come faster than they are read here. Resume with the Last-Event-ID.");
}

std::string heartbeat_text() {
    return ":\n\n";
}

}  // namespace hourglass::api

// Events as Server-Sent Events (the WHATWG's HTML standard, section 9.2), and which of them a listener gets.
#pragma once

#include "store/event.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::api {

struct EventFilter {
    std::optional<store::OrganizationId> organization{};
    std::vector<store::OrganizationId> visible_organizations{};  // of the token; empty: all
    std::vector<std::string> types{};                            // empty: all

    bool admits(const store::StoredEvent& event) const;
};

// What a stream begins with: how soon to come again, and an id to come again with before the first event.
std::string opening_text(const store::EventId& position);
std::string event_text(const store::StoredEvent& event);
// Some events since the listener's Last-Event-ID are no longer kept.
std::string gap_text();
// The last words to a listener that was too slow.
std::string dropped_text();
// A comment, so that both ends and what is between them see that the connection lives.
std::string heartbeat_text();

}  // namespace hourglass::api

// What happens to users and sessions, for whoever listens: the values, and how they are written.
#pragma once

#include "store/record.hpp"

#include <compare>

namespace hourglass::store {

enum class EventType : std::uint8_t {
#define EVENT(name, meaning) name,
#include "store/event_types.def"
#undef EVENT
};

std::string show_time(Time time);  // YYYY-MM-DDTHH:MM:SSZ; of the years 0 to 9999

std::string_view name_of(EventType type);  // "low_balance"
bool is_event_type(std::string_view name);

// Views that need to live for the call of publish() only. What is unknown or does not apply stays empty.
struct Event {
    EventType type{};
    Time time{};
    UserId user{};
    std::string_view username;
    OrganizationId organization{};  // 0: nobody's, so that confined tokens do not see it
    std::string_view nas;           // the client entry's name
    std::string_view session_id;    // Acct-Session-Id
    std::string_view calling_station_id;
    std::optional<Seconds> seconds;  // see event_types.def
    Balance balance;                 // after it
    std::string_view reason;
};

// Appended to a batch as Redis keeps it: values without their names, since every octet of it is written to
// disk on the way of a login.
void pack(std::string& batch, const Event& event);

// The next event of a batch, in views of it; nullopt if that is none.
struct PackedEvent {
    std::string_view type;  // a newer daemon may write some that we do not know
    Event event;            // but for its type
};
std::optional<PackedEvent> take_event(std::string_view& batch);

// One compact JSON object with every field, null where there is none. Octets that are no UTF-8 become U+FFFD.
std::string to_json(const PackedEvent& packed);

// Where an event stands in the stream: events are written in batches, and this is the index-th of one.
// The default stands before all.
struct EventId {
    std::uint64_t milliseconds{};
    std::uint64_t sequence{};
    std::uint32_t index{};

    auto operator<=>(const EventId&) const = default;
};
std::string to_text(const EventId& id);  // "1700000000000-0.3"
// As to_text() makes it, or "0" for the default.
std::optional<EventId> parse_event_id(std::string_view text);

struct StoredEvent {
    EventId id;
    std::string type;
    OrganizationId organization{};
    std::string json;
};

}  // namespace hourglass::store

// What a Server-Sent Events stream says (the WHATWG's HTML standard, section 9.2.6), from pieces as they
// come.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::cli {

inline constexpr std::size_t event_octets_max = 1 << 20;

struct ServerEvent {
    std::string type;
    std::string data;
};

class EventSource {
public:
    // The events that end in this piece. Throws Failure if one is larger than any daemon makes.
    std::vector<ServerEvent> take(std::string_view piece);
    // What to resume with; empty until there is one.
    const std::string& last_event_id() const { return last_event_id_; }
    // After the connection was lost: half an event is none.
    void restart();

private:
    void take_line(std::string_view line, std::vector<ServerEvent>& events);

    std::string unread_;  // the beginning of a line
    ServerEvent event_;
    std::string event_id_;
    std::string last_event_id_;
};

}  // namespace hourglass::cli

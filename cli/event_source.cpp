#include "cli/event_source.hpp"

#include "cli/failure.hpp"

#include <utility>

namespace hourglass::cli {

std::vector<ServerEvent> EventSource::take(std::string_view piece) {
    std::vector<ServerEvent> events;
    unread_ += piece;
    std::string_view left = unread_;
    for (auto end = left.find('\n'); end != left.npos; end = left.find('\n')) {
        auto line = left.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        take_line(line, events);
        left.remove_prefix(end + 1);
    }
    unread_.erase(0, unread_.size() - left.size());
    if (unread_.size() + event_.data.size() > event_octets_max)
        throw Failure(ExitStatus::unreachable, "What answers there sends no events of hourglassd.");
    return events;
}

void EventSource::take_line(std::string_view line, std::vector<ServerEvent>& events) {
    if (line.empty()) {
        last_event_id_ = event_id_;
        auto event = std::exchange(event_, {});
        if (!event.data.empty()) events.push_back(std::move(event));
        return;
    }
    const auto colon = line.find(':');
    const auto field = line.substr(0, colon);
    auto value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "id")
        event_id_ = value;
    else if (field == "event")
        event_.type = value;
    else if (field == "data")
        event_.data.append(event_.data.empty() ? "" : "\n").append(value);
}

void EventSource::restart() {
    unread_.clear();
    event_ = {};
    event_id_ = last_event_id_;
}

}  // namespace hourglass::cli

#include "api/event_listener.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::uint64_t batches_per_catch_up = 64;

}  // namespace

EventListener::EventListener(EventFeed& feed, store::Events& events, EventFilter filter,
                             store::EventId position, MayListen may_listen)
    : feed_(feed),
      events_(events),
      filter_(std::move(filter)),
      position_(position),
      may_listen_(std::move(may_listen)) {}

awaitable<void> EventListener::tell(BodyWriter& writer) {
    const EventFeed::Listener place(feed_);
    bool is_live = false;
    bool is_taken = co_await writer.write(opening_text(position_));
    while (is_taken && writer.is_wanted() && !feed_.is_stopped()) {
        const bool is_allowed = co_await is_still_allowed();
        if (!is_allowed) co_return;

        std::string text;
        const bool is_covered = feed_.covers(position_);
        if (is_covered) {
            position_ = feed_.take(position_, filter_, text);
        } else if (is_live) {
            feed_.count_dropped_listener();
            co_await writer.write(dropped_text());
            co_return;
        } else {
            text = co_await catch_up();
        }
        is_live = is_live || is_covered;

        if (text.empty() && Clock::now() - written_at_ >= heartbeat_interval) text = heartbeat_text();
        if (text.empty()) {
            co_await feed_.wait(pause_limit());
        } else {
            is_taken = co_await writer.write(std::move(text));
            written_at_ = Clock::now();
        }
    }
}

// What the feed has not, from the store.
awaitable<std::string> EventListener::catch_up() {
    std::string text;
    const auto kept = co_await events_.kept();
    if (!kept) co_return text;
    if (position_ != store::EventId() && position_ < kept->oldest) {
        text += gap_text();
        position_ = store::EventId();
    } else if (position_ > kept->newest) {
        text += gap_text();
        position_ = kept->newest;
    }
    const auto later = co_await events_.read_after(position_, batches_per_catch_up);
    if (!later) co_return text;
    for (const auto& event : *later) {
        if (filter_.admits(event)) text += event_text(event);
        position_ = event.id;
    }
    co_return text;
}

awaitable<bool> EventListener::is_still_allowed() {
    if (Clock::now() - checked_at_ < token_check_interval) co_return true;
    checked_at_ = Clock::now();
    co_return co_await may_listen_();
}

EventListener::Clock::duration EventListener::pause_limit() const {
    const auto next = std::min(written_at_ + heartbeat_interval, checked_at_ + token_check_interval);
    return std::max<Clock::duration>(next - Clock::now(), std::chrono::milliseconds(1));
}

}  // namespace hourglass::api

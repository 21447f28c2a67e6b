#include "store/events.hpp"

#include "store/keys.hpp"
#include "store/packed_text.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"

#include <utility>

namespace hourglass::store {
namespace {

constexpr std::size_t usual_event_octets = 120;
constexpr std::string_view batch_field = "e";

std::string stream_id(const EventId& id) {
    return std::to_string(id.milliseconds) + "-" + std::to_string(id.sequence);
}

// An entry of the stream: its id and its events.
struct Entry {
    EventId first;
    std::string_view batch;
};

std::optional<Entry> parse_entry(const redisReply* reply) {
    const auto parts = elements_of(reply);
    if (parts.size() != 2) return std::nullopt;
    const auto first = parse_event_id(std::string(text_of(parts[0])) + ".0");
    const auto texts = elements_of(parts[1]);
    if (!first || texts.size() != 2) return std::nullopt;
    return Entry{*first, text_of(texts[1])};
}

// What cannot be read ends its batch: a later version wrote it.
void append_events(std::vector<StoredEvent>& events, const Entry& entry, const EventId& position) {
    auto id = entry.first;
    for (auto left = entry.batch; !left.empty(); ++id.index) {
        const auto packed = take_event(left);
        if (!packed) return;
        if (id <= position) continue;
        events.push_back({.id = id,
                          .type = std::string(packed->type),
                          .organization = packed->event.organization,
                          .json = to_json(*packed)});
    }
}

EventId last_id(const Entry& entry) {
    auto id = entry.first;
    auto left = entry.batch;
    for (std::uint32_t index = 0; !left.empty() && take_event(left); ++index)
        id.index = index;
    return id;
}

void add(std::atomic<std::uint64_t>& counter, std::size_t count) {
    counter.fetch_add(count, std::memory_order_relaxed);
}

}  // namespace

void Events::publish(const Event& event) {
    if (events_in_batch_ == 0) batch_.reserve(batch_events_max * usual_event_octets);
    if (events_in_batch_ == 0 && collected_.events == 0) {
        flush_timer_.expires_after(batch_delay_max);
        flush_timer_.async_wait([this](error_code cancelled) {
            if (!cancelled) flush();
        });
    }
    pack(batch_, event);
    if (++events_in_batch_ < batch_events_max) return;
    close_batch();
    if (collected_.batches.size() >= batches_together_max) flush();
}

void Events::close_batch() {
    if (events_in_batch_ == 0) return;
    const auto kept = std::to_string(event_batches_kept);
    collected_.batches.add({"XADD", keys::events, "MAXLEN", "~", kept, "*", batch_field, batch_});
    collected_.events += std::exchange(events_in_batch_, 0);
    batch_.clear();
}

Events::Collected Events::take_collected() {
    close_batch();
    flush_timer_.cancel();
    return std::exchange(collected_, {});
}

void Events::flush() {
    auto collected = take_collected();
    if (collected.events == 0) return;
    const bool is_sent = redis_.send(collected.batches);
    add(is_sent ? published_ : dropped_, collected.events);
}

awaitable<void> Events::finish() {
    auto collected = take_collected();
    if (collected.events == 0) co_return;
    const auto replies = co_await redis_.execute_all(std::move(collected.batches));
    add(replies ? published_ : dropped_, collected.events);
}

awaitable<result<Events::Kept>> Events::kept() {
    Pipeline ends;
    ends.add({"XRANGE", keys::events, "-", "+", "COUNT", "1"});
    ends.add({"XREVRANGE", keys::events, "+", "-", "COUNT", "1"});
    const auto replies = co_await redis_.execute_all(std::move(ends));
    if (!replies) co_return replies.error();

    Kept kept;
    if (replies->front().elements().empty() || replies->back().elements().empty()) co_return kept;
    const auto oldest = parse_entry(replies->front().elements()[0]);
    const auto newest = parse_entry(replies->back().elements()[0]);
    if (!oldest || !newest) co_return Error::corrupt;
    kept.oldest = oldest->first;
    kept.newest = last_id(*newest);
    co_return kept;
}

awaitable<result<std::vector<StoredEvent>>> Events::read_after(EventId position, std::uint64_t batches_max) {
    // The batch of `position` itself may hold later ones.
    const auto count = std::to_string(batches_max + 1);
    const auto from = stream_id(position);
    auto read = Pipeline().add({"XRANGE", keys::events, from, "+", "COUNT", count});
    const auto reply = co_await redis_.execute(std::move(read));
    if (!reply) co_return reply.error();

    std::vector<StoredEvent> events;
    for (const auto* element : reply->elements()) {
        const auto entry = parse_entry(element);
        if (!entry) co_return Error::corrupt;
        append_events(events, *entry, position);
    }
    co_return std::move(events);
}

}  // namespace hourglass::store

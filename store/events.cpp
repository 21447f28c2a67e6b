#include "store/events.hpp"

#include "store/keys.hpp"
#include "store/packed_text.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"

#include <utility>

namespace hourglass::store {
namespace {

constexpr std::size_t texts_per_event = 2;

Pipeline append_command(const std::vector<std::string>& batch) {
    const auto kept = std::to_string(event_batches_kept);
    std::vector<std::string_view> command{"XADD", keys::events, "MAXLEN", "~", kept, "*"};
    command.insert(command.end(), batch.begin(), batch.end());
    return std::move(Pipeline().add(command));
}

std::string stream_id(const EventId& id) {
    return std::to_string(id.milliseconds) + "-" + std::to_string(id.sequence);
}

// An entry of the stream: its id, and what append_command() wrote.
struct Entry {
    EventId first;
    std::span<redisReply* const> texts;

    EventId last() const {
        auto id = first;
        id.index = static_cast<std::uint32_t>(std::max(texts.size() / texts_per_event, std::size_t{1}) - 1);
        return id;
    }
};

std::optional<Entry> parse_entry(const redisReply* reply) {
    const auto parts = elements_of(reply);
    if (parts.size() != 2) return std::nullopt;
    const auto first = parse_event_id(std::string(text_of(parts[0])) + ".0");
    if (!first) return std::nullopt;
    return Entry{*first, elements_of(parts[1])};
}

void append_events(std::vector<StoredEvent>& events, const Entry& entry, const EventId& position) {
    auto id = entry.first;
    for (std::size_t i = 0; i + 1 < entry.texts.size(); i += texts_per_event, ++id.index) {
        if (id <= position) continue;
        auto head = text_of(entry.texts[i]);
        StoredEvent event{
            .id = id, .type = std::string(take_word(head)), .json = std::string(text_of(entry.texts[i + 1]))};
        if (take_number(head, event.organization)) events.push_back(std::move(event));
    }
}

void add(std::atomic<std::uint64_t>& counter, std::size_t count) {
    counter.fetch_add(count, std::memory_order_relaxed);
}

}  // namespace

void Events::publish(const Event& event) {
    if (batch_.empty()) {
        batch_.reserve(batch_events_max * texts_per_event);
        flush_timer_.expires_after(batch_delay_max);
        flush_timer_.async_wait([this](error_code cancelled) {
            if (!cancelled) flush();
        });
    }
    batch_.push_back(std::string(name_of(event.type)).append(" ").append(std::to_string(event.organization)));
    batch_.push_back(to_json(event));
    if (batch_.size() >= batch_events_max * texts_per_event) flush();
}

std::vector<std::string> Events::take_batch() {
    flush_timer_.cancel();
    return std::exchange(batch_, {});
}

void Events::flush() {
    const auto batch = take_batch();
    if (batch.empty()) return;
    const bool is_sent = redis_.send(append_command(batch));
    add(is_sent ? published_ : dropped_, batch.size() / texts_per_event);
}

awaitable<void> Events::finish() {
    const auto batch = take_batch();
    if (batch.empty()) co_return;
    const auto reply = co_await redis_.execute(append_command(batch));
    add(reply ? published_ : dropped_, batch.size() / texts_per_event);
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
    kept.newest = newest->last();
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

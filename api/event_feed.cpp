#include "api/event_feed.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <exception>

namespace hourglass::api {
namespace {

using Timer = boost::asio::steady_timer;

constexpr std::uint64_t batches_per_read = 256;
constexpr std::size_t piece_octets = 64 * 1024;  // a little more is sent at once, at most

awaitable<void> wait_for(Timer& timer) {
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace

struct EventFeed::State {
    State(boost::asio::io_context& its_loop, store::Events& its_events, Log& its_log)
        : loop(its_loop), events(its_events), log(its_log), pause(its_loop) {}

    boost::asio::io_context& loop;
    store::Events& events;
    Log& log;

    bool is_stopped = false;
    bool is_following = false;
    bool has_begun = false;  // `before` is known
    store::EventId before;   // what the first of `recent` comes after
    std::deque<store::StoredEvent> recent;
    Timer pause;
    std::vector<Timer*> waiting;
    std::atomic<std::uint64_t> listeners{0};
    std::atomic<std::uint64_t> dropped_listeners{0};

    const store::EventId& newest() const { return recent.empty() ? before : recent.back().id; }

    void wake_all() const {
        for (auto* timer : waiting)
            timer->cancel();
    }

    void forget() {
        has_begun = false;
        recent.clear();
    }

    void append(std::vector<store::StoredEvent> events_read) {
        std::ranges::move(events_read, std::back_inserter(recent));
        while (recent.size() > recent_events_max) {
            before = recent.front().id;
            recent.pop_front();
        }
    }

    awaitable<void> begin() {
        const auto kept = co_await events.kept();
        if (!kept) co_return;
        before = kept->newest;
        has_begun = true;
        wake_all();
    }

    // Until there is nothing new, or the store is away.
    awaitable<void> read() {
        std::size_t count = batches_per_read;
        while (count >= batches_per_read && !is_stopped) {
            auto later = co_await events.read_after(newest(), batches_per_read);
            count = later ? later->size() : 0;
            if (count > 0) append(*std::move(later));
            if (count > 0) wake_all();
        }
    }
};

EventFeed::EventFeed(boost::asio::io_context& loop, store::Events& events, Log& log)
    : state_(std::make_shared<State>(loop, events, log)) {}

awaitable<void> EventFeed::follow(std::shared_ptr<State> state) {
    while (!state->is_stopped && state->listeners > 0) {
        if (state->has_begun) {
            co_await state->read();
        } else {
            co_await state->begin();
        }
        state->pause.expires_after(read_interval);
        co_await wait_for(state->pause);
    }
    state->forget();
    state->is_following = false;
}

EventFeed::Listener::Listener(EventFeed& feed) : feed_(feed) {
    auto& state = *feed.state_;
    ++state.listeners;
    if (state.is_following) return;
    state.is_following = true;
    boost::asio::co_spawn(state.loop, follow(feed.state_), [&log = state.log](const std::exception_ptr& bug) {
        if (!bug) return;
        log.error("the reader of events ended in an exception");
        std::rethrow_exception(bug);
    });
}

EventFeed::Listener::~Listener() {
    --feed_.state_->listeners;
}

bool EventFeed::has_room() const {
    return state_->listeners < listeners_max;
}

bool EventFeed::is_stopped() const {
    return state_->is_stopped;
}

bool EventFeed::covers(const store::EventId& position) const {
    return state_->has_begun && position >= state_->before;
}

store::EventId EventFeed::take(const store::EventId& position, const EventFilter& filter,
                               std::string& text) const {
    const auto& recent = state_->recent;
    auto taken = position;
    auto next = std::ranges::upper_bound(recent, position, {}, &store::StoredEvent::id);
    for (; next != recent.end() && text.size() < piece_octets; ++next) {
        if (filter.admits(*next)) text += event_text(*next);
        taken = next->id;
    }
    return taken;
}

awaitable<void> EventFeed::wait(std::chrono::steady_clock::duration limit) {
    const auto state = state_;
    if (state->is_stopped) co_return;
    Timer timer(state->loop, limit);
    state->waiting.push_back(&timer);
    co_await wait_for(timer);
    std::erase(state->waiting, &timer);
}

void EventFeed::count_dropped_listener() {
    ++state_->dropped_listeners;
}

void EventFeed::stop() {
    state_->is_stopped = true;
    state_->pause.cancel();
    state_->wake_all();
}

std::uint64_t EventFeed::listeners() const {
    return state_->listeners;
}

std::uint64_t EventFeed::dropped_listeners() const {
    return state_->dropped_listeners;
}

}  // namespace hourglass::api

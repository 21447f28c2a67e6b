#include "radius/session_endings.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace hourglass::radius {
namespace {

namespace asio = boost::asio;
using dynamic_authorization::Kind;
using dynamic_authorization::Outcome;
using store::DisconnectOutcome;
using store::Time;
using Due = std::optional<Time>;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
// So that a timer that fires a moment early does not see the second before.
constexpr std::chrono::milliseconds timer_error{1};

constexpr std::array ending_counters{
#define ENDING(reason, sentence) &Counters::ending_##reason,
#include "radius/ending_reasons.def"
#undef ENDING
};

constexpr std::string_view gone_on = "gone_on";

Time whole_second() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds until_next(std::chrono::milliseconds interval) {
    const auto now =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    return interval - now % interval + timer_error;
}

Due earlier(Due one, Due other) {
    if (!one || !other) return one ? one : other;
    return std::min(*one, *other);
}

// Views of `session`.
store::Event event_of(const store::UserSession& session, store::EventType type, Time now) {
    store::Event event;
    event.type = type;
    event.time = now;
    event.user = session.session.user;
    event.username = session.username;
    event.organization = session.organization;
    event.nas = session.session.details.nas_name;
    event.session_id = session.session.session_id;
    event.calling_station_id = session.session.details.calling_station_id;
    return event;
}

}  // namespace

SessionEndings::SessionEndings(asio::io_context& loop, store::Store& store,
                               dynamic_authorization::Sender& sender,
                               std::shared_ptr<const Snapshot> snapshot, Log& log)
    : loop_(loop),
      store_(store),
      sender_(sender),
      snapshot_(std::move(snapshot)),
      log_(log),
      wake_up_(loop),
      all_ended_(loop) {}

awaitable<void> SessionEndings::run() {
    while (!is_stopping_) {
        co_await serve_due();
        wake_up_.expires_after(until_next(interval));
        co_await wake_up_.async_wait(quietly);
    }
}

void SessionEndings::stop() {
    is_stopping_ = true;
    wake_up_.cancel();
}

awaitable<bool> SessionEndings::finish(std::chrono::milliseconds limit) {
    const auto ends = asio::steady_timer::clock_type::now() + limit;
    while (tasks_ + visits_ > 0 && asio::steady_timer::clock_type::now() < ends) {
        all_ended_.expires_at(ends);
        co_await all_ended_.async_wait(quietly);
    }
    co_return tasks_ + visits_ == 0;
}

// All who are due, batch by batch. A visit waits for Redis only, never for a NAS.
awaitable<void> SessionEndings::serve_due() {
    bool may_be_more = true;
    while (may_be_more && !is_stopping_) {
        auto claims = co_await store_.deadlines.claim(whole_second(), claims_per_shard_max);
        if (!claims) co_return;  // that Redis is away, the connection logs
        may_be_more = claims->size() >= claims_per_shard_max;
        asio::steady_timer all_visited(loop_, asio::steady_timer::time_point::max());
        std::size_t left = claims->size();
        visits_ = left;
        for (auto& claim : *claims) {
            asio::co_spawn(loop_, look_after(std::move(claim)),
                           [this, &left, &all_visited](const std::exception_ptr& bug) {
                               visits_ = --left;
                               if (left == 0) all_visited.cancel();
                               if (bug) std::rethrow_exception(bug);
                           });
        }
        if (left > 0) co_await all_visited.async_wait(quietly);
    }
}

// Whatever fails on the way leaves the claim: after its lease somebody tries again.
awaitable<void> SessionEndings::look_after(store::Claim claim) {
    const auto now = whole_second();
    counters_.deadline_visits.add();
    const auto visit = co_await store_.deadlines.visit(claim.tag, now);
    if (!visit) co_return;
    confirm_stopped(claim.tag, *visit, now);

    const auto plan = ending::plan(*visit, *snapshot_, now);
    counters_.change_attributes_left_out.add(plan.attributes_left_out);
    auto next = plan.next;
    for (std::size_t i = 0; i < visit->sessions.size(); ++i) {
        const auto due = co_await act(visit->sessions[i], plan.steps[i], now);
        next = earlier(next, due);
    }
    if (next) {
        const auto at = std::max(*next, now + store::Seconds(1));
        co_await store_.deadlines.schedule(std::move(claim), *visit, at, plan.stale_limit);
    } else {
        co_await store_.deadlines.forget(std::move(claim));
    }
}

// Says when the session wants to be looked at because of that, if it does. All but the time outlives it.
awaitable<Due> SessionEndings::act(const store::UserSession& session, const ending::Step& step, Time now) {
    switch (step.action) {
        case ending::Action::leave:
            break;
        case ending::Action::cannot_end:
            co_return co_await note_impossible(session, step, now);
        case ending::Action::close_stale:
            co_return co_await close_stale(session, step, now);
        case ending::Action::disconnect:
        case ending::Action::confine:
            if (auto request = ending::request_for(session, step, *snapshot_))
                co_return co_await begin_end(session, step, *std::move(request), now);
            break;
        case ending::Action::change:
            if (auto request = ending::request_for(session, step, *snapshot_))
                co_return co_await begin_change(session, step, *std::move(request));
            break;
    }
    co_return Due();
}

awaitable<Due> SessionEndings::begin_end(store::UserSession session, ending::Step step,
                                         dynamic_authorization::Request request, Time now) {
    const auto nas = per_nas_.find(session.session.details.source_address);
    const bool is_busy = nas != per_nas_.end() && nas->second >= sender_.in_flight_limit(request.nas);
    if (is_busy || under_way_.contains({session.tag.text, session.session.number}))
        co_return now + busy_delay;

    hold(session);
    auto begun = ending::begun(session.disconnect, noted_reason(step), now);
    const auto noted = co_await store_.sessions.note_disconnect(session.tag, session.session.number,
                                                                session.disconnect, begun);
    if (!noted) {
        // Another daemon deals with it, or an administrator has asked meanwhile.
        release(session);
        co_return now + busy_delay;
    }
    count(session, step, now);
    const auto lease_ends = begun.next_attempt;
    spawn(request_end(std::move(session), std::move(begun), std::move(request)));
    co_return lease_ends;
}

void SessionEndings::count(const store::UserSession& session, const ending::Step& step, Time now) {
    if (step.action == ending::Action::confine) {
        counters_.sessions_confined.add();
    } else {
        (counters_.*ending_counters[static_cast<std::size_t>(step.reason)]).add();
    }
    if (!step.has_gone_on) return;
    counters_.sessions_gone_on.add();
    log_.warning("A session went on although its NAS had acknowledged its end",
                 {
                     {"nas",     session.session.details.nas_name},
                     {"user",    session.username                },
                     {"session", session.session.session_id      }
    });
    tell(session, gone_on, now);
}

awaitable<Due> SessionEndings::begin_change(store::UserSession session, ending::Step step,
                                            dynamic_authorization::Request request) {
    if (step.is_release) {
        const auto noted =
            co_await store_.sessions.note_disconnect(session.tag, session.session.number, session.disconnect,
                                                     ending::free_again(session.disconnect.value()));
        if (!noted) co_return whole_second();
    }
    counters_.session_changes.add();
    spawn(request_change(std::move(request)));
    co_return Due();
}

awaitable<Due> SessionEndings::note_impossible(store::UserSession session, ending::Step step, Time now) {
    auto impossible = ending::impossible(session.disconnect, noted_reason(step), now);
    const auto noted = co_await store_.sessions.note_disconnect(session.tag, session.session.number,
                                                                session.disconnect, std::move(impossible));
    if (!noted) co_return now + busy_delay;
    log_.info("A session must end, but its NAS takes no Disconnect-Request",
              {
                  {"nas",     session.session.details.nas_name},
                  {"user",    session.username                },
                  {"session", session.session.session_id      },
                  {"reason",  ending::name_of(step.reason)    }
    });
    tell(session, store::name_of(DisconnectOutcome::unsupported), now);
    co_return Due();
}

awaitable<Due> SessionEndings::close_stale(store::UserSession session, ending::Step step, Time now) {
    const auto closing = co_await store_.ledger.close_stale(session.tag, session.session, now);
    if (!closing || *closing == store::StaleClosing::unchanged) co_return now;
    counters_.sessions_silent.add();
    auto event = event_of(session, store::EventType::stop, now);
    event.seconds = session.session.session_time;
    event.reason = step.is_silent ? "silence" : "unknown_to_nas";
    store_.events.publish(event);
    co_return Due();
}

awaitable<void> SessionEndings::request_end(store::UserSession session, store::Disconnect begun,
                                            dynamic_authorization::Request request) {
    const auto outcome = co_await sender_.send(std::move(request));
    const auto now = whole_second();
    release(session);
    auto concluded = ending::concluded(begun, outcome, now);
    tell(session, name_of(outcome.result), now);
    const auto noted = co_await store_.sessions.note_disconnect(session.tag, session.session.number,
                                                                std::move(begun), concluded);
    if (noted && concluded.next_attempt)
        co_await store_.deadlines.touch(session.tag, *concluded.next_attempt);
    const bool is_promised = outcome.result == Outcome::Result::acknowledged &&
                             outcome.kind == Kind::disconnect && session.session.is_running;
    if (!is_promised || awaited_ >= awaited_stops_max) co_return;
    ++awaited_;
    awaited_stops_[session.tag.text].push_back(std::move(session));
}

// A NAS that refuses a profile's attributes may still take the Session-Timeout, which stands first.
awaitable<void> SessionEndings::request_change(dynamic_authorization::Request request) {
    auto essential = request;
    essential.changes.resize(1);
    const bool has_more = request.changes.size() > essential.changes.size();
    const auto outcome = co_await sender_.send(std::move(request));
    if (outcome.result == Outcome::Result::refused && has_more) co_await sender_.send(std::move(essential));
}

void SessionEndings::hold(const store::UserSession& session) {
    under_way_.insert({session.tag.text, session.session.number});
    ++per_nas_[session.session.details.source_address];
}

void SessionEndings::release(const store::UserSession& session) {
    under_way_.erase({session.tag.text, session.session.number});
    const auto nas = per_nas_.find(session.session.details.source_address);
    if (--nas->second == 0) per_nas_.erase(nas);
}

// What was acknowledged and runs no more has ended, though not necessarily because of us.
void SessionEndings::confirm_stopped(const store::UserTag& tag, const store::Visit& visit, Time now) {
    auto awaited = awaited_stops_.extract(tag.text);
    if (awaited.empty()) return;
    awaited_ -= awaited.mapped().size();
    std::vector<store::UserSession> still;
    for (auto& session : awaited.mapped()) {
        const auto number = session.session.number;
        const auto running = std::ranges::find(
            visit.sessions, number, [](const store::UserSession& each) { return each.session.number; });
        if (running == visit.sessions.end()) {
            counters_.sessions_stopped.add();
            tell(session, store::name_of(DisconnectOutcome::confirmed), now);
        } else if (running->disconnect && running->disconnect->outcome == DisconnectOutcome::acknowledged) {
            still.push_back(std::move(session));
        }
    }
    awaited_ += still.size();
    if (still.empty()) return;
    awaited.mapped() = std::move(still);
    awaited_stops_.insert(std::move(awaited));
}

void SessionEndings::tell(const store::UserSession& session, std::string_view outcome, Time now) {
    auto event = event_of(session, store::EventType::disconnect, now);
    event.reason = outcome;
    store_.events.publish(event);
}

// A failure is a bug, which the main loop tells.
void SessionEndings::spawn(awaitable<void> task) {
    ++tasks_;
    asio::co_spawn(loop_, std::move(task), [this](const std::exception_ptr& bug) {
        if (--tasks_ == 0) all_ended_.cancel();
        if (bug) std::rethrow_exception(bug);
    });
}

}  // namespace hourglass::radius

// Accounting-Request: acknowledged when what it says is durable, and not before.
#include "radius/accounting.hpp"
#include "radius/accounting_events.hpp"
#include "radius/request_handler.hpp"
#include "radius/unknown_attributes.hpp"
#include "store/store.hpp"

namespace hourglass::radius {
namespace {

Counter& counter_of(Counters& counters, store::AccountingStatus status) {
    switch (status) {
        case store::AccountingStatus::start:
            return counters.accounting_starts;
        case store::AccountingStatus::interim:
            return counters.accounting_interims;
        case store::AccountingStatus::stop:
            return counters.accounting_stops;
    }
    return counters.accounting_others;
}

Counter& counter_of(Counters& counters, store::Anomaly anomaly) {
    switch (anomaly) {
        case store::Anomaly::time_jumped:
            return counters.accounting_time_jumped;
        case store::Anomaly::time_fell:
            return counters.accounting_time_fell;
        case store::Anomaly::octets_fell:
            break;
    }
    return counters.accounting_octets_fell;
}

result<AccountingEvent> event_in(const auto& request) {
    const auto unknown = unknown_attributes(request.packet, request.snapshot.directory.dictionary());
    const Arrival arrival{.source = request.datagram.peer.address(),
                          .client_name = request.client.name,
                          .received_at = request.datagram.received_at,
                          .nas_record = request.client.record,
                          .is_clamped = request.client.clamp_to_wall_clock,
                          .unknown_attributes = unknown};
    return to_event(request.packet, arrival);
}

}  // namespace

// What a report says is durable when this ends without an error.
awaitable<error_code> RequestHandler::record_usage(const Request& request) {
    const auto now = std::chrono::floor<std::chrono::seconds>(request.datagram.received_at);
    auto event = event_in(request);
    if (!event) co_return event.error();

    if (auto* record = std::get_if<store::AccountingRecord>(&*event)) {
        const auto status = record->status;
        identify_user(request, *record);
        store::Stopwatch watch(counters_.usage_writes);
        const auto applied = co_await ledger_.apply(*record);
        watch.stop();
        if (!applied) co_return Error::store_unavailable;
        counter_of(counters_, status).add();
        if (*applied)
            note_applied(request, status, **applied);
        else
            note_journaled(request);
    } else if (const auto* restart = std::get_if<store::NasRestart>(&*event)) {
        const auto closed = co_await ledger_.close_sessions_of(*restart);
        if (!closed) co_return Error::store_unavailable;
        counters_.accounting_restarts.add();
        if (!*closed) note_journaled(request);
        if (closed->value_or(0) > 0)
            store_.events.publish(restart_event(request.packet, request.client, now));
    } else {
        counters_.accounting_others.add();
    }
    co_return error_code();
}

// A Class of ours names the user, whatever the NAS calls him.
void RequestHandler::identify_user(const Request& request, store::AccountingRecord& record) {
    const auto found = find_session_class(request.packet, class_key_);
    if (found.is_forged) counters_.classes_forged.add();
    record.user = found.user;
    (record.user != 0 ? counters_.accounting_by_class : counters_.accounting_by_name).add();

    const auto& rules = request.snapshot.policy.names;
    if (!rules.are_none()) record.sought = sought_user(record.username, rules);
}

void RequestHandler::note_applied(const Request& request, store::AccountingStatus status,
                                  const store::Applied& applied) {
    request.trace.note_usage(applied);
    counters_.charged_seconds.add(static_cast<std::uint64_t>(applied.charged.count()));
    counters_.uncovered_seconds.add(static_cast<std::uint64_t>(applied.uncovered.count()));
    const auto now = std::chrono::floor<std::chrono::seconds>(request.datagram.received_at);
    auto told = applied;
    if (applied.anomaly) {
        counter_of(counters_, *applied.anomaly).add();
        if (!told_anomalies_.take(request.datagram.received_at)) told.anomaly.reset();
    }
    for (const auto& news : events_of(request.packet, request.client, told, now, request.snapshot.policy))
        store_.events.publish(news);
    const bool tells_usage = status != store::AccountingStatus::start && applied.is_known_user;
    if (request.snapshot.policy.grace.is_on && tells_usage && applied.balance)
        grace_.note_balance(applied.user, *applied.balance);
}

void RequestHandler::note_journaled(const Request& request) {
    counters_.accounting_journaled.add();
    request.trace.note_journaled();
}

}  // namespace hourglass::radius

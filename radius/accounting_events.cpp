#include "radius/accounting_events.hpp"

namespace hourglass::radius {
namespace {

using store::EventType;
using Outcome = store::Applied::Outcome;

constexpr store::Seconds nothing{0};

// RFC 2866 section 5.10.
std::string_view terminate_cause(const Packet& request) {
    const auto cause = request.find(attr::acct_terminate_cause);
    return cause ? find_value_name(attr::acct_terminate_cause, *cause) : std::string_view();
}

}  // namespace

store::Event event_of(EventType type, const Packet& request, const Client& client, store::Time now) {
    store::Event event;
    event.type = type;
    event.time = now;
    event.username = request.find(attr::user_name).value_or("");
    event.nas = client.name;
    event.session_id = request.find(attr::acct_session_id).value_or("");
    event.calling_station_id = request.find(attr::calling_station_id).value_or("");
    return event;
}

std::optional<store::Seconds> crossed_threshold(store::Seconds before, store::Seconds after,
                                                const std::vector<store::Seconds>& thresholds) {
    std::optional<store::Seconds> crossed;
    for (const auto threshold : thresholds) {
        const bool is_crossed = before > threshold && threshold >= after;
        if (is_crossed && (!crossed || threshold < *crossed)) crossed = threshold;
    }
    return crossed;
}

AccountingEvents events_of(const Packet& request, const Client& client, const store::Applied& applied,
                           store::Time now, const Policy& policy) {
    AccountingEvents events;
    const auto tell = [&](EventType type) -> store::Event& {
        auto event = event_of(type, request, client, now);
        event.user = applied.user;
        event.organization = applied.organization;
        event.balance = applied.balance;
        return events.emplace_back(event);
    };

    if (applied.outcome == Outcome::opened) {
        tell(EventType::start);
    } else if (applied.outcome == Outcome::closed) {
        auto& stop = tell(EventType::stop);
        stop.seconds = store::Seconds(request.find(attr::acct_session_time).value_or(0));
        stop.reason = terminate_cause(request);
    }
    const bool is_news = applied.outcome == Outcome::opened || applied.outcome == Outcome::closed;
    if (is_news && !applied.is_known_user) tell(EventType::anomaly).reason = "unknown_user";
    if (applied.anomaly) tell(EventType::anomaly).reason = name_of(*applied.anomaly);

    if (!applied.balance || applied.charged <= nothing) return events;
    const auto after = *applied.balance;
    const auto before = after + applied.charged;
    if (after == nothing) {
        tell(EventType::exhausted);
    } else if (const auto threshold = crossed_threshold(before, after, policy.low_balance)) {
        tell(EventType::low_balance).seconds = threshold;
    }
    return events;
}

store::Event restart_event(const Packet& request, const Client& client, store::Time now) {
    auto event = event_of(EventType::anomaly, request, client, now);
    event.reason = "nas_restarted";
    return event;
}

}  // namespace hourglass::radius

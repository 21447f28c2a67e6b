#include "radius/ending.hpp"

#include "radius/authorization.hpp"
#include "radius/dynamic_authorization_exchanges.hpp"

#include <algorithm>
#include <array>

namespace hourglass::radius::ending {
namespace {

using store::Disconnect;
using store::DisconnectOutcome;
using store::Seconds;
using store::Time;

// Who asked for an end that nobody asked for.
constexpr std::string_view nobody = "deadline";
constexpr std::uint32_t doublings_max = 8;
static_assert(retry_delay_min * (1 << doublings_max) >= retry_delay_max);
static_assert(request_lease > 2 * RetransmissionLimits{}.duration_max + dynamic_authorization::Limits{}.identifier_rest);

constexpr auto reason_names = std::to_array<std::string_view>({
#define ENDING(reason, sentence) #reason,
#include "radius/ending_reasons.def"
#undef ENDING
});

Seconds retry_delay(std::uint32_t attempts) {
    const auto doublings = std::min(std::max(attempts, 1u) - 1, doublings_max);
    return std::min(retry_delay_min * (std::int64_t{1} << doublings), retry_delay_max);
}

class Earliest {
public:
    void add(std::optional<Time> at) {
        if (at && (!at_ || *at < *at_)) at_ = at;
    }
    std::optional<Time> get() const { return at_; }

private:
    std::optional<Time> at_;
};

store::LoginUser user_of(const store::Visit& visit) {
    store::LoginUser user;
    user.username = visit.username;
    user.is_active = visit.is_active;
    user.expiration = visit.expiration;
    user.profile = visit.profile;
    user.organization = visit.organization;
    user.account = visit.account;
    return user;
}

// A profile may ask for reports more rarely than the settings do. One that asks for more changes nothing
// here: NASes have intervals of their own.
std::optional<Seconds> own_stale_limit(const Login& login, const Policy& policy) {
    const auto limit = store::LedgerRules::silent_intervals * interim_interval(login, policy);
    return limit > policy.ledger.stale_limit() ? std::optional(limit) : std::nullopt;
}

Reason to_reason(RejectReason refusal) {
    switch (refusal) {
        case RejectReason::expired:
            return Reason::expired;
        case RejectReason::organization_inactive:
            return Reason::organization_inactive;
        case RejectReason::outside_login_time:
            return Reason::outside_login_time;
        default:
            return Reason::inactive;
    }
}

// Why all of them must end.
std::optional<Reason> common_reason(const store::Visit& visit, const Login& login) {
    if (!visit.exists) return std::nullopt;
    if (const auto refusal = refusal_to_stay(login)) return to_reason(*refusal);
    const auto exhausted_at = visit.account.exhausted_at();
    if (exhausted_at && *exhausted_at + counting_error <= login.now) return Reason::exhausted;
    return std::nullopt;
}

bool is_asked_for(const std::optional<Disconnect>& noted) {
    return noted && noted->outcome != DisconnectOutcome::unsupported &&
           (noted->reason.empty() || noted->reason == name_of(Reason::requested));
}

std::optional<Reason> reason_to_end(const store::UserSession& each, std::optional<Reason> common) {
    if (is_asked_for(each.disconnect)) return Reason::requested;
    if (!each.session.is_running) return Reason::removed;
    return common;
}

bool was_heard_since(const store::Session& session, const Disconnect& answered) {
    return answered.answered_at && session.heard > *answered.answered_at + acknowledgement_grace;
}

// The next step towards the end of a session; when to look again goes into `next`.
Step pursue(const store::UserSession& each, Reason reason, const Client* nas, Time now, Earliest& next) {
    const auto& session = each.session;
    const auto& noted = each.disconnect;
    const Step disconnect{.action = Action::disconnect, .reason = reason};
    const Step leave{.reason = reason};
    if (!nas || !nas->takes_disconnect) {
        const bool is_noted = noted && noted->outcome == DisconnectOutcome::unsupported;
        return is_noted ? leave : Step{.action = Action::cannot_end, .reason = reason};
    }
    if (!noted) return disconnect;

    const bool is_due = !noted->next_attempt || *noted->next_attempt <= now;
    const bool has_gone_on = was_heard_since(session, *noted);
    switch (noted->outcome) {
        case DisconnectOutcome::unsupported:
            return disconnect;
        case DisconnectOutcome::requested:
        case DisconnectOutcome::refused:
        case DisconnectOutcome::unreachable:
            if (is_due) return disconnect;
            next.add(noted->next_attempt);
            return leave;
        case DisconnectOutcome::acknowledged:
            if (!session.is_running) return leave;
            if (is_due && has_gone_on)
                return {.action = Action::disconnect, .reason = reason, .has_gone_on = true};
            next.add(is_due ? now + unconfirmed_interval : noted->next_attempt);
            return leave;
        case DisconnectOutcome::confirmed:
            if (!session.is_running) return leave;
            if (has_gone_on) return disconnect;
            if (is_due) return {.action = Action::close_stale, .reason = reason, .is_silent = false};
            next.add(noted->next_attempt);
            return leave;
    }
    return leave;
}

bool is_same_wish(const std::optional<Disconnect>& noted, Reason reason) {
    return noted && (noted->reason == name_of(reason) || (reason == Reason::requested && is_asked_for(noted)));
}

Disconnect wish(const std::optional<Disconnect>& noted, Reason reason, Time now) {
    Disconnect wish{.requested_at = now, .by = std::string(nobody)};
    if (is_same_wish(noted, reason)) wish = *noted;
    wish.reason = name_of(reason);
    wish.answered_at.reset();
    wish.error_cause = 0;
    return wish;
}

}  // namespace

std::string_view name_of(Reason reason) {
    return reason_names[static_cast<std::size_t>(reason)];
}

Plan plan(const store::Visit& visit, const Snapshot& snapshot, Time now) {
    auto user = user_of(visit);
    const Login login{user, now, snapshot.directory};
    Plan plan;
    plan.stale_limit = own_stale_limit(login, snapshot.policy);
    const auto stale_limit = plan.stale_limit.value_or(snapshot.policy.ledger.stale_limit());

    const auto exhausted_at = visit.account.exhausted_at();
    const auto common = common_reason(visit, login);
    const bool is_limited_by_us = visit.exists && !common;
    const auto share = exhausted_at ? store::Balance(*exhausted_at - now) : store::Balance();
    const auto limit = session_limit(login, share);
    plan.session_timeout = limit ? std::max(*limit, Seconds(1)) : session_timeout_max;

    Earliest next;
    bool goes_on = false;
    for (const auto& each : visit.sessions) {
        const auto& session = each.session;
        if (session.is_running && session.heard + stale_limit <= now) {
            plan.steps.push_back({.action = Action::close_stale});
            continue;
        }
        if (session.is_running) next.add(session.heard + stale_limit);
        const auto* const nas = find_nas(snapshot, session);
        if (const auto reason = reason_to_end(each, common)) {
            plan.steps.push_back(pursue(each, *reason, nas, now, next));
            continue;
        }
        goes_on = true;
        const bool must_change = is_limited_by_us && visit.is_changed && nas && nas->takes_coa;
        plan.steps.push_back({.action = must_change ? Action::change : Action::leave});
    }
    if (is_limited_by_us && goes_on) {
        if (exhausted_at) next.add(*exhausted_at + counting_error);
        if (const auto others = session_limit(login, {})) next.add(now + *others);
    }
    plan.next = next.get();
    return plan;
}

const Client* find_nas(const Snapshot& snapshot, const store::Session& session) {
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(session.details.source_address, failure);
    return failure ? nullptr : snapshot.clients.find(address);
}

std::optional<dynamic_authorization::Request> request_for(const store::UserSession& each,
                                                          dynamic_authorization::Kind kind) {
    const auto& session = each.session;
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(session.details.source_address, failure);
    if (failure) return std::nullopt;
    dynamic_authorization::Request request;
    request.kind = kind;
    request.nas = address;
    request.session =
        dynamic_authorization::identity_of(each.username, session.session_id, session.details);
    return request;
}

Disconnect begun(const std::optional<Disconnect>& noted, Reason reason, Time now) {
    auto begun = wish(noted, reason, now);
    begun.outcome = DisconnectOutcome::requested;
    ++begun.attempts;
    begun.next_attempt = now + request_lease;
    return begun;
}

Disconnect concluded(Disconnect begun, const dynamic_authorization::Outcome& outcome, Time now) {
    using enum dynamic_authorization::Outcome::Result;
    const auto answered = [&](DisconnectOutcome meaning, Seconds delay) {
        begun.outcome = meaning;
        begun.answered_at = now;
        begun.error_cause = outcome.error_cause.value_or(0);
        begun.next_attempt = now + delay;
    };
    const auto delay = retry_delay(begun.attempts);
    switch (outcome.result) {
        case acknowledged:
            answered(DisconnectOutcome::acknowledged, delay);
            break;
        case refused:
            answered(DisconnectOutcome::refused, delay);
            break;
        case session_gone:
            answered(DisconnectOutcome::confirmed, stop_grace);
            break;
        case unreachable:
        case unsendable:
            begun.outcome = DisconnectOutcome::unreachable;
            begun.next_attempt = now + delay;
            break;
        case overloaded:
            begun.next_attempt = now + delay;
            break;
        case shutting_down:
            begun.next_attempt = now;
            break;
    }
    return begun;
}

Disconnect impossible(const std::optional<Disconnect>& noted, Reason reason, Time now) {
    auto impossible = wish(noted, reason, now);
    impossible.outcome = DisconnectOutcome::unsupported;
    impossible.next_attempt.reset();
    return impossible;
}

}  // namespace hourglass::radius::ending

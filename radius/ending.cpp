#include "radius/ending.hpp"

#include "radius/sharing.hpp"

#include <algorithm>

namespace hourglass::radius::ending {
namespace {

using store::Disconnect;
using store::DisconnectOutcome;
using store::Seconds;
using store::Time;

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

bool was_heard_since(const store::Session& session, const Disconnect& answered) {
    return answered.answered_at && session.heard > *answered.answered_at + acknowledgement_grace;
}

// What was noted of the way that is gone now.
std::optional<Disconnect> relevant(const std::optional<Disconnect>& noted, Action way) {
    const bool is_other_way = is_confined(noted) && way == Action::disconnect;
    if (!noted || noted->reason == released || is_other_way) return std::nullopt;
    return noted;
}

// The next step on the way to the end of a session; when to look again goes into `next`.
Step pursue(const store::UserSession& each, Action way, Reason reason, Time now, Earliest& next) {
    const auto& session = each.session;
    const auto noted = relevant(each.disconnect, way);
    const Step ask{.action = way, .reason = reason};
    const Step leave{.reason = reason};
    if (!noted) return ask;

    const bool is_due = !noted->next_attempt || *noted->next_attempt <= now;
    const bool has_gone_on = was_heard_since(session, *noted);
    switch (noted->outcome) {
        case DisconnectOutcome::unsupported:
            return ask;
        case DisconnectOutcome::requested:
        case DisconnectOutcome::refused:
        case DisconnectOutcome::unreachable:
            if (is_due) return ask;
            next.add(noted->next_attempt);
            return leave;
        case DisconnectOutcome::acknowledged:
            if (!session.is_running || is_confined(noted)) return leave;
            if (is_due && has_gone_on) return {.action = way, .reason = reason, .has_gone_on = true};
            next.add(is_due ? now + unconfirmed_interval : noted->next_attempt);
            return leave;
        case DisconnectOutcome::confirmed:
            if (!session.is_running) return leave;
            if (has_gone_on) return ask;
            if (is_due) return {.action = Action::close_stale, .reason = reason, .is_silent = false};
            next.add(noted->next_attempt);
            return leave;
    }
    return leave;
}

dynamic_authorization::AttributeChange session_timeout(Seconds seconds) {
    return dynamic_authorization::change(attr::session_timeout, static_cast<std::uint32_t>(seconds.count()));
}

// With the attributes that the rules give, which say nothing of the Session-Timeout.
std::vector<dynamic_authorization::AttributeChange> changes_of(std::optional<Seconds> limit,
                                                               const EncodedRules& encoded) {
    const auto seconds = limit ? std::max(*limit, Seconds(1)) : session_timeout_max;
    std::vector<dynamic_authorization::AttributeChange> changes{session_timeout(seconds)};
    for (const auto& attribute : encoded.attributes) {
        // RFC 5176 has no Request Authenticator that a value could be hidden under before the packet is
        // signed.
        const bool can_be_sent = attribute.type != attr::session_timeout.type && attribute.hidden.empty();
        if (can_be_sent) changes.push_back(attribute);
    }
    return changes;
}

std::vector<store::AttributeRule> reply_attributes(const Login& login) {
    std::vector<store::AttributeRule> rules;
    for (const auto* const profile : login.profiles)
        rules.insert(rules.end(), profile->reply_attributes.begin(), profile->reply_attributes.end());
    return rules;
}

// The decision about one user, session by session.
class Planner {
public:
    Planner(const store::Visit& visit, const Login& login, const Snapshot& snapshot)
        : visit_(visit),
          login_(login),
          snapshot_(snapshot),
          refusal_(visit.exists ? refusal_to_stay(login) : std::nullopt),
          garden_(visit.exists ? walled_garden(login) : nullptr),
          exhausted_at_(visit.exists ? visit.account.exhausted_at() : std::nullopt) {}

    Plan plan() {
        Plan plan;
        plan.stale_limit = own_stale_limit(login_, snapshot_.policy);
        stale_limit_ = plan.stale_limit.value_or(snapshot_.policy.ledger.stale_limit());
        for (const auto& each : visit_.sessions)
            plan.steps.push_back(step_for(each));
        add_attributes(plan);
        plan.next = next_.get();
        return plan;
    }

private:
    Step step_for(const store::UserSession& each) {
        const auto& session = each.session;
        if (session.is_running && session.heard + stale_limit_ <= login_.now)
            return {.action = Action::close_stale};
        if (session.is_running) next_.add(session.heard + stale_limit_);

        const auto* const nas = find_nas(snapshot_, session);
        const bool can_be_confined = garden_ && nas && nas->takes_coa;
        const auto reason = reason_to_end(each, can_be_confined);
        if (!reason) return step_of_the_free(each, nas, can_be_confined);

        const bool is_exhausted = *reason == Reason::exhausted;
        if (is_exhausted && can_be_confined) return pursue(each, Action::confine, *reason, login_.now, next_);
        if (is_exhausted && began_confined(each.session)) return {.reason = *reason};
        if (nas && nas->takes_disconnect) return pursue(each, Action::disconnect, *reason, login_.now, next_);
        const auto noted = relevant(each.disconnect, Action::disconnect);
        if (noted && noted->outcome == DisconnectOutcome::unsupported) return {.reason = *reason};
        return {.action = Action::cannot_end, .reason = *reason};
    }

    std::optional<Reason> reason_to_end(const store::UserSession& each, bool can_be_confined) const {
        if (is_asked_for(each.disconnect)) return Reason::requested;
        if (!each.session.is_running) return Reason::removed;
        if (refusal_) return to_reason(*refusal_);
        if (exhausted_at_ && end_of_balance(can_be_confined) <= login_.now) return Reason::exhausted;
        return std::nullopt;
    }

    // A login without time has led to the walled garden. (One that nothing was left for when it reported
    // first looks the same; its Session-Timeout bounds it.)
    bool began_confined(const store::Session& session) const {
        return garden_ && session.charged == Seconds(0) && visit_.account.settled() <= Seconds(0);
    }

    Time end_of_balance(bool can_be_confined) const {
        if (can_be_confined) return *exhausted_at_ - walled_garden_lead;
        // A balance that was set says exactly when it is gone, and one that reports have taken is gone.
        const bool is_exact = visit_.is_changed || visit_.account.settled() <= Seconds(0);
        return is_exact ? *exhausted_at_ : *exhausted_at_ + counting_error;
    }

    // Nothing ends it yet.
    Step step_of_the_free(const store::UserSession& each, const Client* nas, bool can_be_confined) {
        if (!visit_.exists) return {};
        if (exhausted_at_) next_.add(end_of_balance(can_be_confined));
        if (const auto others = session_limit(login_, {})) next_.add(login_.now + *others);
        const bool takes_coa = nas && nas->takes_coa;
        // A session that holds a slice keeps to it, whatever becomes of the rest.
        const bool is_told = takes_coa && visit_.is_changed && !holds_slices(login_);
        if (takes_coa && is_confined(each.disconnect)) return {.action = Action::change, .is_release = true};
        return {.action = is_told ? Action::change : Action::leave};
    }

    void add_attributes(Plan& plan) const {
        const auto is = [&](Action action) {
            return std::ranges::find(plan.steps, action, &Step::action) != plan.steps.end();
        };
        if (is(Action::change)) {
            const auto encoded = encode(reply_attributes(login_), snapshot_.directory.dictionary());
            const auto share = exhausted_at_ ? store::Balance(*exhausted_at_ - login_.now) : store::Balance();
            plan.changes = changes_of(session_limit(login_, share), encoded);
            plan.attributes_left_out = encoded.left_out;
        }
        if (is(Action::confine)) {
            const auto encoded = encode(*garden_, snapshot_.directory.dictionary());
            plan.confinement = changes_of(session_limit(login_, {}), encoded);
            plan.attributes_left_out += encoded.left_out;
        }
    }

    const store::Visit& visit_;
    const Login& login_;
    const Snapshot& snapshot_;
    std::optional<RejectReason> refusal_;
    const std::vector<store::AttributeRule>* garden_;
    std::optional<Time> exhausted_at_;
    Seconds stale_limit_{};
    Earliest next_;
};

}  // namespace

Plan plan(const store::Visit& visit, const Snapshot& snapshot, Time now) {
    const auto user = user_of(visit);
    const Login login{user, now, snapshot.directory};
    return Planner(visit, login, snapshot).plan();
}

const Client* find_nas(const Snapshot& snapshot, const store::Session& session) {
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(session.details.source_address, failure);
    return failure ? nullptr : snapshot.clients.find(address);
}

// A session that cannot be confined ends; one that cannot be told of a longer time is cut by its NAS, and one
// that cannot be told of a shorter one by its deadline.
std::optional<dynamic_authorization::Request> request_for(const store::UserSession& each, const Step& step,
                                                          const Plan& plan, const Snapshot& snapshot) {
    using dynamic_authorization::Kind;
    const auto& session = each.session;
    const auto* const nas = find_nas(snapshot, session);
    if (!nas) return std::nullopt;
    dynamic_authorization::Request request;
    request.kind = step.action == Action::disconnect ? Kind::disconnect : Kind::coa;
    request.nas = boost::asio::ip::make_address(session.details.source_address);
    request.session = dynamic_authorization::identity_of(each.username, session.session_id, session.details);
    if (step.action == Action::change) request.changes = plan.changes;
    if (step.action == Action::confine) request.changes = plan.confinement;
    request.disconnect_if_unsupported = step.action == Action::confine && nas->takes_disconnect;
    return request;
}

std::string_view noted_reason(const Step& step) {
    return step.action == Action::confine ? confined : name_of(step.reason);
}

}  // namespace hourglass::radius::ending

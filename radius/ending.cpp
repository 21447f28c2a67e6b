#include "radius/ending.hpp"

#include "radius/session_origin.hpp"
#include "radius/sharing.hpp"

#include <algorithm>
#include <array>

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
    user.profiles = store::parse_profile_names(visit.profile);
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
    Step ask{.action = way, .reason = reason};
    Step leave{.reason = reason};
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

using Changes = std::vector<dynamic_authorization::AttributeChange>;

// RFC 5176 has no Request Authenticator that a value could be hidden under before the packet is signed.
bool can_be_sent(const ReplyAttribute& attribute) {
    return !attribute.is_hidden();
}

Changes changes_of(std::optional<Seconds> limit, const Seconds* interim_interval,
                   const MergedAttributes& attributes) {
    const auto number = [](Attribute<Integer> attribute, Seconds seconds) {
        return dynamic_authorization::change(attribute, static_cast<std::uint32_t>(seconds.count()));
    };
    Changes changes{
        number(attr::session_timeout, limit ? std::max(*limit, Seconds(1)) : session_timeout_max)};
    if (interim_interval) changes.push_back(number(attr::acct_interim_interval, *interim_interval));
    for (const auto* const attribute : attributes)
        if (can_be_sent(*attribute))
            changes.insert(changes.end(), attribute->encoded.begin(), attribute->encoded.end());
    return changes;
}

// One session and what holds for it: which profiles do, depends on where it is.
struct Case {
    const store::UserSession& each;
    const Client* nas;  // nullptr: none that we know
    SessionOrigin origin;
    Login login;
    std::optional<RejectReason> refusal;
    const ReplyAttributes* garden{};
    std::optional<Seconds> stale_limit{};  // nullopt: as the rules say

    bool can_be_confined() const { return garden && nas && nas->takes_coa; }
};

// The decision about one user, session by session.
class Planner {
public:
    Planner(const store::Visit& visit, const Snapshot& snapshot, Time now)
        : visit_(visit),
          snapshot_(snapshot),
          now_(now),
          user_(user_of(visit)),
          is_origin_looked_at_(std::ranges::any_of(snapshot.directory.profiles_of(user_), has_conditions)),
          exhausted_at_(visit.exists ? visit.account.exhausted_at() : std::nullopt) {}

    Plan plan() {
        Plan plan;
        for (const auto& each : visit_.sessions) {
            const auto its = case_of(each);
            plan.stale_limit = std::max(plan.stale_limit, its.stale_limit);
            plan.steps.push_back(step_for(its));
            add_changes(plan, its);
        }
        plan.next = next_.get();
        return plan;
    }

private:
    Case case_of(const store::UserSession& each) const {
        auto origin = is_origin_looked_at_ ? SessionOrigin(each) : SessionOrigin();
        Login login{user_, now_, snapshot_.directory, origin.get()};
        const auto& session = each.session;
        login.time_online = session.session_time;
        if (session.is_running) login.time_online += std::max(now_ - session.heard, Seconds(0));
        Case its{each, find_nas(snapshot_, session), std::move(origin), std::move(login), {}};
        its.stale_limit = own_stale_limit(its.login, snapshot_.policy);
        if (!visit_.exists) return its;
        its.refusal = refusal_to_stay(its.login);
        its.garden = walled_garden(its.login);
        return its;
    }

    Step step_for(const Case& its) {
        const auto& session = its.each.session;
        const auto silent_at =
            session.heard + its.stale_limit.value_or(snapshot_.policy.ledger.stale_limit());
        if (session.is_running && silent_at <= now_) return {.action = Action::close_stale};
        if (session.is_running) next_.add(silent_at);

        const auto reason = reason_to_end(its);
        if (!reason) return step_of_the_free(its);

        const bool is_exhausted = *reason == Reason::exhausted;
        if (is_exhausted && its.can_be_confined())
            return pursue(its.each, Action::confine, *reason, now_, next_);
        if (is_exhausted && began_confined(its)) return {.reason = *reason};
        if (its.nas && its.nas->takes_disconnect)
            return pursue(its.each, Action::disconnect, *reason, now_, next_);
        const auto noted = relevant(its.each.disconnect, Action::disconnect);
        if (noted && noted->outcome == DisconnectOutcome::unsupported) return {.reason = *reason};
        return {.action = Action::cannot_end, .reason = *reason};
    }

    std::optional<Reason> reason_to_end(const Case& its) const {
        if (is_asked_for(its.each.disconnect)) return Reason::requested;
        if (!its.each.session.is_running) return Reason::removed;
        if (its.refusal) return to_reason(*its.refusal);
        if (exhausted_at_ && end_of_balance(its) <= now_) return Reason::exhausted;
        const auto* const timeout = visit_.exists ? profile_timeout(its.login) : nullptr;
        if (timeout && its.login.time_online >= *timeout + counting_error) return Reason::session_timeout;
        return std::nullopt;
    }

    // A login without time has led to the walled garden. (One that nothing was left for when it reported
    // first looks the same; its Session-Timeout bounds it.)
    bool began_confined(const Case& its) const {
        return its.garden && its.each.session.charged == Seconds(0) && visit_.account.settled() <= Seconds(0);
    }

    Time end_of_balance(const Case& its) const {
        if (its.can_be_confined()) return *exhausted_at_ - walled_garden_lead;
        // A balance that was set says exactly when it is gone, and one that reports have taken is gone.
        const bool is_exact = visit_.is_changed || visit_.account.settled() <= Seconds(0);
        return is_exact ? *exhausted_at_ : *exhausted_at_ + counting_error;
    }

    // Nothing ends it yet.
    Step step_of_the_free(const Case& its) {
        if (!visit_.exists) return {};
        if (exhausted_at_) next_.add(end_of_balance(its));
        if (const auto others = session_limit(its.login, {})) next_.add(now_ + *others);
        const bool takes_coa = its.nas && its.nas->takes_coa;
        // A session that holds a slice keeps to it, whatever becomes of the rest.
        const bool is_told = takes_coa && visit_.is_changed && !holds_slices(its.login);
        if (takes_coa && is_confined(its.each.disconnect))
            return {.action = Action::change, .is_release = true};
        return {.action = is_told ? Action::change : Action::leave};
    }

    void add_changes(Plan& plan, const Case& its) const {
        auto& step = plan.steps.back();
        if (step.action == Action::change) {
            std::vector<const ReplyAttributes*> replies;
            for (const auto* const profile : its.login.profiles) {
                replies.push_back(&profile->reply);
                plan.attributes_left_out += profile->reply.left_out;
            }
            const auto share = exhausted_at_ ? store::Balance(*exhausted_at_ - now_) : store::Balance();
            step.changes =
                changes_of(session_limit(its.login, share),
                           first_of(its.login.profiles, &store::Profile::interim_interval), merge(replies));
        }
        if (step.action == Action::confine) {
            const auto& garden = *its.garden;
            auto limit = session_limit(its.login, {});
            if (garden.session_timeout)
                limit = std::min(limit.value_or(*garden.session_timeout), *garden.session_timeout);
            plan.attributes_left_out += garden.left_out;
            step.changes = changes_of(limit, garden.interim_interval ? &*garden.interim_interval : nullptr,
                                      merge(std::array{&garden}));
        }
    }

    const store::Visit& visit_;
    const Snapshot& snapshot_;
    Time now_;
    store::LoginUser user_;
    bool is_origin_looked_at_;
    std::optional<Time> exhausted_at_;
    Earliest next_;
};

}  // namespace

Plan plan(const store::Visit& visit, const Snapshot& snapshot, Time now) {
    return Planner(visit, snapshot, now).plan();
}

const Client* find_nas(const Snapshot& snapshot, const store::Session& session) {
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(session.details.source_address, failure);
    return failure ? nullptr : snapshot.clients.find(address);
}

// A session that cannot be confined ends; one that cannot be told of a longer time is cut by its NAS, and one
// that cannot be told of a shorter one by its deadline.
std::optional<dynamic_authorization::Request> request_for(const store::UserSession& each, const Step& step,
                                                          const Snapshot& snapshot) {
    using dynamic_authorization::Kind;
    const auto& session = each.session;
    const auto* const nas = find_nas(snapshot, session);
    if (!nas) return std::nullopt;
    dynamic_authorization::Request request;
    request.kind = step.action == Action::disconnect ? Kind::disconnect : Kind::coa;
    request.nas = boost::asio::ip::make_address(session.details.source_address);
    const auto& said = session.details.user_name;
    request.session = dynamic_authorization::identity_of(said.empty() ? each.username : said,
                                                         session.session_id, session.details);
    request.changes = step.changes;
    request.disconnect_if_unsupported = step.action == Action::confine && nas->takes_disconnect;
    return request;
}

std::string_view noted_reason(const Step& step) {
    return step.action == Action::confine ? confined : name_of(step.reason);
}

}  // namespace hourglass::radius::ending

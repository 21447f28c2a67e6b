#include "radius/authorization.hpp"

#include "radius/sharing.hpp"
#include "store/event.hpp"

#include <algorithm>
#include <array>

namespace hourglass::radius {
namespace {

const store::LoginTime* login_time_of(const Login& login) {
    return first_of(login.profiles, &store::Profile::login_time);
}

std::string show_profile(const Login& login) {
    if (login.named.empty()) return "There is no profile.";
    std::string text;
    for (const auto* const profile : login.named)
        text += (text.empty() ? "" : " ") + show_application(*profile, login.origin);
    return text;
}

bool is_organization_active(const Login& login) {
    const auto* const organization = login.directory.find_organization(login.user.organization);
    return organization == nullptr || organization->is_active;
}

using Refusal = std::optional<RejectReason>;

Refusal refusal_if(bool is_refused, RejectReason reason) {
    return is_refused ? Refusal(reason) : std::nullopt;
}

Refusal judge_active(const Login& login) {
    return refusal_if(!login.user.is_active, RejectReason::inactive);
}
std::string show_active(const Login& login) {
    return login.user.is_active ? "The user is active." : "The user is not active.";
}

Refusal judge_organization(const Login& login) {
    return refusal_if(!is_organization_active(login), RejectReason::organization_inactive);
}
std::string show_organization(const Login& login) {
    return is_organization_active(login) ? "The organization is active." : "The organization is not active.";
}

Refusal judge_expiration(const Login& login) {
    const auto& expiration = login.user.expiration;
    return refusal_if(expiration && *expiration <= login.now, RejectReason::expired);
}
std::string show_expiration(const Login& login) {
    const auto& expiration = login.user.expiration;
    return expiration ? "The expiration is " + store::show_time(*expiration) + "."
                      : "There is no expiration.";
}

// Who has profiles, and not one for where he is, has no business there.
Refusal judge_profile(const Login& login) {
    return refusal_if(login.profiles.empty() && !login.named.empty(), RejectReason::no_profile_applies);
}

Refusal judge_balance(const Login& login) {
    const auto balance = login.user.account.balance_at(login.now);
    const bool is_over = balance && *balance <= store::Seconds::zero();
    return refusal_if(is_over && walled_garden(login) == nullptr, RejectReason::no_time_left);
}
std::string show_balance(const Login& login) {
    const auto balance = login.user.account.balance_at(login.now);
    if (!balance) return "Time is not metered.";
    const auto left = std::to_string(balance->count()) + " s are left";
    return left + (is_in_walled_garden(login) ? ": he gets the walled garden." : ".");
}

Refusal judge_login_time(const Login& login) {
    const auto* const login_time = login_time_of(login);
    return refusal_if(login_time != nullptr && !login_time->is_inside(login.now),
                      RejectReason::outside_login_time);
}
std::string show_login_time(const Login& login) {
    const auto* const login_time = login_time_of(login);
    if (login_time == nullptr) return "Any time will do.";
    const auto left = login_time->is_inside(login.now) ? login_time->time_left(login.now) : std::nullopt;
    if (left) return "The login time ends in " + std::to_string(left->count()) + " s.";
    return login_time->is_inside(login.now) ? "The login time never ends." : "It is outside the login time.";
}

Refusal judge_places(const Login& login) {
    const bool is_full = login.place && login.place->outcome == store::Place::Outcome::none_free;
    return refusal_if(is_full, RejectReason::too_many_sessions);
}
Refusal judge_slice(const Login& login) {
    const bool is_held = login.place && login.place->outcome == store::Place::Outcome::all_held;
    return refusal_if(is_held, RejectReason::balance_held);
}

// The attributes of the walled garden stand before those of the profiles: as they would be after a
// CoA-Request to a session that runs.
void add_profiles(Grant& grant, const Login& login) {
    if (login.profiles.empty()) return;
    boost::container::small_vector<const ReplyAttributes*, Profiles::static_capacity + 1> replies;
    if (is_in_walled_garden(login)) {
        replies.push_back(walled_garden(login));
        add_walled_garden(grant, *replies.front());
    }
    for (const auto* const profile : login.profiles)
        replies.push_back(&profile->reply);
    for (const auto* const reply : replies)
        grant.left_out += reply->left_out;
    grant.attributes = merge(replies);
}

constexpr auto checks = std::to_array<LoginCheck>({
    {"active",           judge_active,       show_active,       true },
    {"organization",     judge_organization, show_organization, true },
    {"expiration",       judge_expiration,   show_expiration,   true },
    {"profile",          judge_profile,      show_profile,      false},
    {"balance",          judge_balance,      show_balance,      false},
    {"login_time",       judge_login_time,   show_login_time,   true },
    {"simultaneous_use", judge_places,       show_places,       false},
    {"slice",            judge_slice,        show_slice,        false},
});

}  // namespace

std::span<const LoginCheck> login_checks() {
    return checks;
}

std::optional<store::Seconds> session_limit(const Login& login, store::Balance share) {
    const auto& expiration = login.user.expiration;
    const auto* const login_time = login_time_of(login);
    const auto window = login_time ? login_time->time_left(login.now) : std::nullopt;
    const auto* const timeout = profile_timeout(login);

    auto limit = session_timeout_max;
    if (share) limit = std::min(limit, *share);
    if (expiration) limit = std::min(limit, *expiration - login.now);
    if (window) limit = std::min(limit, *window);
    if (timeout) limit = std::min(limit, std::max(*timeout - login.time_online, store::Seconds(1)));
    return share || expiration || window || timeout ? std::optional(limit) : std::nullopt;
}

store::Seconds interim_interval(const Login& login, const Policy& policy) {
    const auto* const interval = first_of(login.profiles, &store::Profile::interim_interval);
    return interval ? *interval : policy.ledger.interim_interval;
}

const store::Seconds* profile_timeout(const Login& login) {
    for (const auto* const profile : login.profiles) {
        if (const auto& timeout = profile->reply.session_timeout) return &*timeout;
    }
    return nullptr;
}

const ReplyAttributes* walled_garden(const Login& login) {
    for (const auto* const profile : login.profiles) {
        if (const auto& garden = profile->walled_garden) return &*garden;
    }
    return nullptr;
}

std::optional<RejectReason> refusal_to_stay(const Login& login) {
    for (const auto& check : checks) {
        const auto reason = check.holds_during_stay ? check.refusal(login) : std::nullopt;
        if (reason) return reason;
    }
    return std::nullopt;
}

Decision authorize(const Login& login, const Policy& policy) {
    for (const auto& check : checks) {
        if (const auto reason = check.refusal(login)) return *reason;
    }
    Grant grant{session_limit(login, share_of_balance(login)), interim_interval(login, policy),
                login.user.klass};
    add_profiles(grant, login);
    return grant;
}

}  // namespace hourglass::radius

#include "radius/authorization.hpp"

#include "store/event.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace hourglass::radius {
namespace {

// Some NASes read Session-Timeout as a signed integer.
constexpr store::Seconds session_timeout_max{std::numeric_limits<std::int32_t>::max()};

struct RejectRow {
    std::string_view name;
    std::string_view text;
};

constexpr auto reject_rows = std::to_array<RejectRow>({
#define REJECT(reason, text) {#reason, text},
#include "radius/rejects.def"
#undef REJECT
});

const RejectRow& row_of(RejectReason reason) {
    return reject_rows[static_cast<std::size_t>(reason)];
}

// What the first of the profiles says that says something; nullptr if none does.
template <class Value>
const Value* first_of(const std::vector<const store::Profile*>& profiles,
                      std::optional<Value> store::Profile::* member) {
    for (const auto* profile : profiles) {
        if (const auto& value = profile->*member) return &*value;
    }
    return nullptr;
}

const store::LoginTime* login_time_of(const Login& login) {
    return first_of(login.profiles, &store::Profile::login_time);
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

Refusal judge_balance(const Login& login) {
    const auto balance = login.user.account.balance_at(login.now);
    return refusal_if(balance && *balance <= store::Seconds::zero(), RejectReason::no_time_left);
}
std::string show_balance(const Login& login) {
    const auto balance = login.user.account.balance_at(login.now);
    return balance ? std::to_string(balance->count()) + " s are left." : "Time is not metered.";
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

constexpr auto checks = std::to_array<LoginCheck>({
    {"active",       judge_active,       show_active      },
    {"organization", judge_organization, show_organization},
    {"expiration",   judge_expiration,   show_expiration  },
    {"balance",      judge_balance,      show_balance     },
    {"login_time",   judge_login_time,   show_login_time  },
});

}  // namespace

std::string_view name_of(RejectReason reason) {
    return row_of(reason).name;
}

std::string_view reply_message(RejectReason reason) {
    switch (reason) {
        case RejectReason::inactive:
        case RejectReason::organization_inactive:
        case RejectReason::expired:
        case RejectReason::no_time_left:
        case RejectReason::outside_login_time:
            return row_of(reason).text;
        default:
            return {};
    }
}

std::span<const LoginCheck> login_checks() {
    return checks;
}

Decision authorize(const Login& login, const Policy& policy) {
    for (const auto& check : checks) {
        if (const auto reason = check.refusal(login)) return *reason;
    }
    const auto& user = login.user;
    const auto* const login_time = login_time_of(login);
    const auto window = login_time ? login_time->time_left(login.now) : std::nullopt;

    auto timeout = session_timeout_max;
    const auto balance = user.account.balance_at(login.now);
    if (balance) timeout = std::min(timeout, *balance);
    if (user.expiration) timeout = std::min(timeout, *user.expiration - login.now);
    if (window) timeout = std::min(timeout, *window);
    const bool is_limited = balance || user.expiration || window;

    const auto* const interim_interval = first_of(login.profiles, &store::Profile::interim_interval);
    return Grant{is_limited ? std::optional(timeout) : std::nullopt,
                 interim_interval ? *interim_interval : policy.ledger.interim_interval, user.klass};
}

}  // namespace hourglass::radius

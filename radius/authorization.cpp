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

using Refusal = std::optional<RejectReason>;

Refusal refusal_if(bool is_refused, RejectReason reason) {
    return is_refused ? Refusal(reason) : std::nullopt;
}

Refusal judge_active(const store::LoginUser& user, store::Time) {
    return refusal_if(!user.is_active, RejectReason::inactive);
}
std::string show_active(const store::LoginUser& user) {
    return user.is_active ? "The user is active." : "The user is not active.";
}

Refusal judge_expiration(const store::LoginUser& user, store::Time now) {
    return refusal_if(user.expiration && *user.expiration <= now, RejectReason::expired);
}
std::string show_expiration(const store::LoginUser& user) {
    return user.expiration ? "The expiration is " + store::show_time(*user.expiration) + "."
                           : "There is no expiration.";
}

Refusal judge_balance(const store::LoginUser& user, store::Time) {
    return refusal_if(user.balance && *user.balance <= store::Seconds::zero(), RejectReason::no_time_left);
}
std::string show_balance(const store::LoginUser& user) {
    return user.balance ? std::to_string(user.balance->count()) + " s are left." : "Time is not metered.";
}

constexpr auto checks = std::to_array<LoginCheck>({
    {"active",     judge_active,     show_active    },
    {"expiration", judge_expiration, show_expiration},
    {"balance",    judge_balance,    show_balance   },
});

}  // namespace

std::string_view name_of(RejectReason reason) {
    return row_of(reason).name;
}

std::string_view reply_message(RejectReason reason) {
    switch (reason) {
        case RejectReason::inactive:
        case RejectReason::expired:
        case RejectReason::no_time_left:
            return row_of(reason).text;
        default:
            return {};
    }
}

std::span<const LoginCheck> login_checks() {
    return checks;
}

Decision authorize(const store::LoginUser& user, store::Time now, const Policy& policy) {
    for (const auto& check : checks) {
        if (const auto reason = check.refusal(user, now)) return *reason;
    }

    auto timeout = session_timeout_max;
    if (user.balance) timeout = std::min(timeout, *user.balance);
    if (user.expiration) timeout = std::min(timeout, *user.expiration - now);
    const bool is_limited = user.balance || user.expiration;
    return Grant{is_limited ? std::optional(timeout) : std::nullopt, policy.interim_interval, user.klass};
}

}  // namespace hourglass::radius

#include "radius/authorization.hpp"

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

bool is_inactive(const Organization* organization) {
    return organization != nullptr && !organization->is_active;
}

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

Decision authorize(const store::LoginUser& user, store::Time now, const Policy& policy,
                   const Directory& directory) {
    if (!user.is_active) return RejectReason::inactive;
    if (is_inactive(directory.find_organization(user.organization)))
        return RejectReason::organization_inactive;
    if (user.expiration && *user.expiration <= now) return RejectReason::expired;
    if (user.balance && *user.balance <= store::Seconds::zero()) return RejectReason::no_time_left;

    const auto profiles = directory.profiles_of(user);
    const auto* const login_time = first_of(profiles, &store::Profile::login_time);
    if (login_time && !login_time->is_inside(now)) return RejectReason::outside_login_time;
    const auto window = login_time ? login_time->time_left(now) : std::nullopt;

    auto timeout = session_timeout_max;
    if (user.balance) timeout = std::min(timeout, *user.balance);
    if (user.expiration) timeout = std::min(timeout, *user.expiration - now);
    if (window) timeout = std::min(timeout, *window);
    const bool is_limited = user.balance || user.expiration || window;

    const auto* const interim_interval = first_of(profiles, &store::Profile::interim_interval);
    return Grant{is_limited ? std::optional(timeout) : std::nullopt,
                 interim_interval ? *interim_interval : policy.interim_interval, user.klass};
}

}  // namespace hourglass::radius

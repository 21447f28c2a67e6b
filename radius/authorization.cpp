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

Decision authorize(const store::LoginUser& user, store::Time now, const Policy& policy) {
    if (!user.is_active) return RejectReason::inactive;
    if (user.expiration && *user.expiration <= now) return RejectReason::expired;
    if (user.balance && *user.balance <= store::Seconds::zero()) return RejectReason::no_time_left;

    auto timeout = session_timeout_max;
    if (user.balance) timeout = std::min(timeout, *user.balance);
    if (user.expiration) timeout = std::min(timeout, *user.expiration - now);
    const bool is_limited = user.balance || user.expiration;
    return Grant{is_limited ? std::optional(timeout) : std::nullopt, policy.interim_interval, user.klass};
}

}  // namespace hourglass::radius

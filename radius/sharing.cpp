#include "radius/sharing.hpp"

#include "radius/accounting.hpp"
#include "store/hex.hpp"

#include <algorithm>

namespace hourglass::radius {
namespace {

using store::Seconds;

constexpr Seconds share_min{1};  // a Session-Timeout of 0 is no limit to some NASes

bool has_time(store::Balance balance) {
    return balance && *balance > Seconds::zero();
}

Seconds slice_max(const Login& login) {
    const auto* const slice = first_of(login.profiles, &store::Profile::slice);
    return slice ? *slice : store::balance_max;
}

}  // namespace

bool holds_slices(const Login& login) {
    return std::ranges::any_of(login.profiles, [](const Profile* profile) {
        return profile->settings.concurrency == store::Concurrency::reserve;
    });
}

std::optional<store::PlaceLimits> place_limits(const Login& login) {
    store::PlaceLimits limits;
    if (const auto* const places = first_of(login.profiles, &store::Profile::simultaneous_use))
        limits.places = *places;
    const auto balance = login.user.account.balance_at(login.now);
    if (holds_slices(login) && has_time(balance)) {
        // No more than can be used.
        limits.slice = std::min(slice_max(login), std::max(share_min, *session_limit(login, balance)));
    }
    return limits.places || limits.slice ? std::optional(limits) : std::nullopt;
}

store::Balance share_of_balance(const Login& login) {
    const auto balance = login.user.account.balance_at(login.now);
    if (!has_time(balance)) return std::nullopt;
    const auto& place = login.place;
    if (holds_slices(login)) return place && place->slice ? place->slice : balance;
    const auto others = place ? place->others : static_cast<std::int64_t>(login.user.account.heard.size());
    return std::max(share_min, *balance / (others + 1));
}

std::string show_places(const Login& login) {
    const auto* const most = first_of(login.profiles, &store::Profile::simultaneous_use);
    if (most == nullptr) return "Any number of sessions will do.";
    const auto limit = std::to_string(*most);
    if (!login.place) return "There may be " + limit + " at a time.";
    return std::to_string(login.place->others) + " of " + limit + " places are in use by others.";
}

std::string show_slice(const Login& login) {
    if (!holds_slices(login)) return "The sessions share the balance.";
    if (!login.place) return "Each session holds a slice of the balance.";
    if (login.place->outcome == store::Place::Outcome::all_held)
        return "All of the balance is held by other sessions.";
    const auto& slice = login.place->slice;
    return slice ? "A slice of " + std::to_string(slice->count()) + " s would be held."
                 : "Nothing is to be held.";
}

bool is_in_walled_garden(const Login& login) {
    const auto balance = login.user.account.balance_at(login.now);
    return balance && !has_time(balance) && walled_garden(login) != nullptr;
}

void add_walled_garden(Grant& grant, const ReplyAttributes& garden) {
    if (const auto& timeout = garden.session_timeout)
        grant.session_timeout = std::min(grant.session_timeout.value_or(*timeout), *timeout);
    if (garden.interim_interval) grant.interim_interval = *garden.interim_interval;
    grant.is_walled_garden = true;
}

store::Newcomer newcomer_of(const Packet& request, const boost::asio::ip::address& source) {
    return {nas_identity(request, source), std::string(request.find(attr::calling_station_id).value_or("")),
            store::to_hex(request.authenticator())};
}

}  // namespace hourglass::radius

// Whether a user may come in now, and for how long. Pure: user, time, policy and directory in, decision out.
#pragma once

#include "radius/directory.hpp"
#include "radius/policy.hpp"
#include "radius/reject_reason.hpp"
#include "store/places.hpp"
#include "store/users.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace hourglass::radius {

// What an Access-Accept, and nothing else, tells the NAS.
struct Grant {
    std::optional<store::Seconds> session_timeout;  // 1 to 2^31-1; nullopt: nothing limits it
    store::Seconds interim_interval{};
    std::optional<std::string> klass;
    MergedAttributes attributes{};  // of his profiles; they live as long as the directory
    std::size_t left_out{};         // rules of his profiles that give none
    bool is_walled_garden = false;  // for who has no time left

    bool operator==(const Grant&) const = default;
};

using Decision = std::variant<Grant, RejectReason>;

// Whose login is judged, when, and by what he may be subject to.
struct Login {
    const store::LoginUser& user;
    store::Time now;
    const Directory& directory;
    LoginOrigin origin{};
    // Those that he names, read once, and of them those that apply to a login from there.
    Profiles named = directory.profiles_of(user);
    Profiles profiles = applying(named, origin);
    store::Seconds time_online{};         // of a session that runs
    std::optional<store::Place> place{};  // what the store said of place_limits(); nullopt: it was not asked
};

// For a user whose credential was right. Of his profiles the first that says something about a matter counts.
Decision authorize(const Login& login, const Policy& policy);

// Some NASes read Session-Timeout as a signed integer.
inline constexpr store::Seconds session_timeout_max{std::numeric_limits<std::int32_t>::max()};
// The least of what limits a session from now on: its share of the balance, the expiration, the login time,
// the Session-Timeout of the profile. nullopt: nothing does.
std::optional<store::Seconds> session_limit(const Login& login, store::Balance share);

// How often the NAS is asked to report.
store::Seconds interim_interval(const Login& login, const Policy& policy);

// How long a session may last by his profiles. nullptr: as long as it likes.
const store::Seconds* profile_timeout(const Login& login);

// What his profiles give to a session that has no time left, in the place of its end; nullptr: nothing.
const ReplyAttributes* walled_garden(const Login& login);

// Of what the store must give him a place before he comes in; nullopt: he needs none.
std::optional<store::PlaceLimits> place_limits(const Login& login);

// Why somebody who is in may stay no longer, whatever his balance.
std::optional<RejectReason> refusal_to_stay(const Login& login);

// One condition of a login; authorize() asks them in their order, and the first that refuses decides.
struct LoginCheck {
    std::string_view name;
    std::optional<RejectReason> (*refusal)(const Login& login);
    std::string (*finding)(const Login& login);  // what it looked at, for a person
    bool holds_during_stay = false;              // beside the balance, which running sessions burn together
};
std::span<const LoginCheck> login_checks();

}  // namespace hourglass::radius

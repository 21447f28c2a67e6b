// Whether a user may come in now, and for how long. Pure: user, time, policy and directory in, decision out.
#pragma once

#include "radius/directory.hpp"
#include "radius/policy.hpp"
#include "store/users.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace hourglass::radius {

enum class RejectReason : std::uint8_t {
#define REJECT(reason, text) reason,
#include "radius/rejects.def"
#undef REJECT
};

std::string_view name_of(RejectReason reason);  // "no_time_left"
// A sentence for the user, as Reply-Message: only of reasons that a peer learns of after it has proved to
// know the password; empty for the others.
std::string_view reply_message(RejectReason reason);

// What an Access-Accept, and nothing else, tells the NAS.
struct Grant {
    std::optional<store::Seconds> session_timeout;  // 1 to 2^31-1; nullopt: nothing limits it
    store::Seconds interim_interval{};
    std::optional<std::string> klass;

    bool operator==(const Grant&) const = default;
};

using Decision = std::variant<Grant, RejectReason>;

// Whose login is judged, when, and by what he may be subject to.
struct Login {
    const store::LoginUser& user;
    store::Time now;
    const Directory& directory;
    std::vector<const store::Profile*> profiles = directory.profiles_of(user);  // read once
};

// For a user whose credential was right. Of his profiles the first that says something about a matter counts.
Decision authorize(const Login& login, const Policy& policy);

// One condition of a login; authorize() asks them in their order, and the first that refuses decides.
struct LoginCheck {
    std::string_view name;
    std::optional<RejectReason> (*refusal)(const Login& login);
    std::string (*finding)(const Login& login);  // what it looked at, for a person
};
std::span<const LoginCheck> login_checks();

}  // namespace hourglass::radius

// What a worker would answer to a login of this user, and why. It asks the same
// checks and writes the same reply, and changes nothing.
#pragma once

#include "radius/attribute_text.hpp"
#include "radius/authorization.hpp"

namespace hourglass::radius {

struct CheckOutcome {
    std::string_view name;  // of the LoginCheck
    bool is_passed{};
    std::string finding;
};

struct Explanation {
    std::optional<RejectReason> refusal;  // nullopt: Access-Accept
    std::vector<CheckOutcome> checks;     // all, also those behind the one that decided
    std::vector<AttributeText> reply;     // of the Access-Accept or Access-Reject
};

CheckOutcome password_outcome(bool is_right);
std::vector<CheckOutcome> outcomes_of(const Login& login);

// `is_password_right`: of one that was tried; nullopt: as if it were right.
Explanation explain(const Login& login, const Policy& policy, std::optional<bool> is_password_right = {});

}  // namespace hourglass::radius

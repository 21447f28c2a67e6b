// What a worker would answer to a login of this user with the right password, and why. It asks the same
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

std::vector<CheckOutcome> outcomes_of(const Login& login);
Explanation explain(const Login& login, const Policy& policy);

}  // namespace hourglass::radius

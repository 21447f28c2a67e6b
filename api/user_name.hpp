// Whether a user could log in by the name that he is given: the daemon, which knows the rules of user names,
// hands in who says so.
#pragma once

#include "api/resource.hpp"
#include "store/users.hpp"

#include <functional>
#include <optional>
#include <string>

namespace hourglass::api {

// A sentence; nullopt: nothing is wrong with it.
using WhyUnusable =
    std::function<std::optional<std::string>(std::string_view username, store::OrganizationId organization)>;

// Refuses the name that a write gives to a new user, or to `before`; one that stays as it is passes.
void judge_name(const WhyUnusable& why_unusable, const std::optional<store::User>& before,
                ParsedRecord& record);

}  // namespace hourglass::api

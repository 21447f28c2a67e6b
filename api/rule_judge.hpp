// Are these attributes such as a profile can have? As with ExplainLogin, the daemon, which knows RADIUS,
// hands in who judges.
#pragma once

#include "store/profile.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::api {

// Conditions on the request, or what goes into the reply.
enum class RuleList { check, reply };

struct RuleMistake {
    std::optional<std::size_t> item;  // of the list, from 0; nullopt: the list as a whole
    std::string_view field;           // of that item
    std::string sentence;
};

using JudgeRules =
    std::function<std::vector<RuleMistake>(RuleList list, const std::vector<store::AttributeRule>& rules)>;

}  // namespace hourglass::api

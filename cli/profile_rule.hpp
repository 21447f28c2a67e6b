// Attributes of profiles as people type and read them: "NAS-Port-Type == Ethernet".
#pragma once

#include "cli/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hourglass::cli {

// The API's object. nullopt: there is no operator in it, or nothing before it. Quotes round the value are
// taken off.
std::optional<Json> parse_rule(std::string_view text);

std::string show_rule(const Json& rule);

}  // namespace hourglass::cli

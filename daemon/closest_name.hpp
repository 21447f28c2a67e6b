// "Did you mean": the known name that is the fewest typing mistakes away.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hourglass::daemon {

// "; did you mean listen?" or, if none of them is near, "".
std::string suggestion(std::string_view name, std::span<const std::string_view> known);

}  // namespace hourglass::daemon

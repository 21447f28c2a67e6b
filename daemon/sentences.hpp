// Pieces of the sentences that an operator reads.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::daemon {

// How a sentence about an unknown name ends: "; did you mean listen?", the known name that is the fewest
// typing mistakes away; if none is near, ".".
std::string suggestion(std::string_view name, std::span<const std::string_view> known);

std::string joined(const std::vector<std::string>& items, std::string_view separator);

}  // namespace hourglass::daemon

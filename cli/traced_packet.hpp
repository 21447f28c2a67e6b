// A traced packet as a block of lines: who asked what, what was looked at, what the answer was.
#pragma once

#include "cli/json.hpp"
#include "cli/paint.hpp"

#include <string>

namespace hourglass::cli {

// `packet`: an object of /trace/. Ends with an empty line.
std::string shown_packet(const Json& packet, const Paint& paint);

// "  ok  active: The user is active."
std::string shown_check(const Json& check, const Paint& paint);

}  // namespace hourglass::cli

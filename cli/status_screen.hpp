// `hourglass status` as one screen: a line a subject, and below them what needs the operator's hand.
#pragma once

#include "cli/findings.hpp"
#include "cli/live_screen.hpp"

namespace hourglass::cli {

// `status` is what --json prints; see status_command.cpp.
std::vector<ScreenLine> status_screen(const Json& status, const std::vector<Finding>& findings);

}  // namespace hourglass::cli

// Findings as lines for people and as JSON for scripts.
#pragma once

#include "cli/findings.hpp"
#include "cli/live_screen.hpp"

namespace hourglass::cli {

// "fail  redis  sentence", and below it the next step.
std::vector<ScreenLine> lines_of(const Finding& finding);

Json to_json(const std::vector<Finding>& findings);

}  // namespace hourglass::cli

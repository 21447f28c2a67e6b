// The findings about NASes: who is silent, and who asks in vain.
#pragma once

#include "cli/findings.hpp"

namespace hourglass::cli {

void check_nases(const Facts& facts, const Patience& patience, std::vector<Finding>& findings);
void check_strangers(const Facts& facts, std::vector<Finding>& findings);

}  // namespace hourglass::cli

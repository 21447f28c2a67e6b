// Sums over the daemon's /metrics page, as far as `hourglass status` shows them.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace hourglass::cli {

// The samples of an OpenMetrics text, added up over their labels, by name. Lines that are no sample are
// skipped.
std::map<std::string, double> sum_metrics(std::string_view text);

// The value of a label in the first sample of `metric` that has it; empty if there is none.
std::string find_label(std::string_view text, std::string_view metric, std::string_view label);

}  // namespace hourglass::cli

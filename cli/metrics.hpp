// What the daemon's /metrics page says, as far as `hourglass status` and `check` show it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::cli {

// The samples of an OpenMetrics text, added up over their labels, by name. Lines that are no sample are
// skipped.
std::map<std::string, double> sum_metrics(std::string_view text);

// The samples of one metric by the value of one label, added up over the others.
std::map<std::string, double> sum_by_label(std::string_view text, std::string_view metric,
                                           std::string_view label);

// The value of a label in the first sample of `metric` that has it; empty if there is none.
std::string find_label(std::string_view text, std::string_view metric, std::string_view label);

// Of a histogram: how many were at most so much, by upper bound; the last bound is infinite.
struct Histogram {
    std::map<double, double> at_most;

    double count() const;
    // What so large a share of all was at most, interpolated within its bucket; nullopt of an empty one. Of
    // what is beyond the last finite bound, that bound.
    std::optional<double> percentile(double share) const;
};

// Every histogram of seconds on the page by its name, without "_seconds", and its other labels.
std::map<std::string, Histogram> find_histograms(std::string_view text);

// What came since an earlier reading of the same one; of a daemon that was restarted meanwhile, all.
Histogram since(const Histogram& now, const Histogram& before);

}  // namespace hourglass::cli

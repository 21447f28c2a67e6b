#include "cli/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

namespace hourglass::cli {

namespace {

constexpr std::string_view bucket_suffix = "_seconds_bucket";
constexpr std::string_view bound_label = "le";

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::optional<double> parse_number(std::string_view text) {
    if (text.starts_with("+Inf")) return std::numeric_limits<double>::infinity();
    double number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return number;
}

struct Sample {
    std::string_view name;
    std::string_view labels;  // a="b",c="d"
    double value{};
};

std::optional<Sample> parse_sample(std::string_view line) {
    if (line.empty() || line.front() == '#') return std::nullopt;
    Sample sample{.name = line.substr(0, line.find_first_of("{ ")), .labels = {}};
    const auto labels_end = line.rfind('}');
    if (labels_end != line.npos && labels_end > sample.name.size())
        sample.labels = line.substr(sample.name.size() + 1, labels_end - sample.name.size() - 1);
    const auto space = line.find(' ', labels_end == line.npos ? 0 : labels_end);
    if (space == line.npos) return std::nullopt;
    const auto value = parse_number(line.substr(space + 1));
    if (!value) return std::nullopt;
    sample.value = *value;
    return sample;
}

void for_each_sample(std::string_view text, const std::function<void(const Sample&)>& visit) {
    while (!text.empty())
        if (const auto sample = parse_sample(take_line(text))) visit(*sample);
}

// The daemon's own labels hold no quotes.
std::string_view label_value(std::string_view labels, std::string_view label) {
    const auto opening = std::string(label) + "=\"";
    auto start = labels.find(opening);
    while (start != labels.npos && start != 0 && labels[start - 1] != ',')
        start = labels.find(opening, start + 1);
    if (start == labels.npos) return {};
    const auto value = labels.substr(start + opening.size());
    return value.substr(0, value.find('"'));
}

// The values of all labels but the bound: "access_request accept".
std::string other_labels(std::string_view labels) {
    std::string words;
    while (!labels.empty()) {
        const auto equals = labels.find("=\"");
        const auto end = equals == labels.npos ? labels.npos : labels.find('"', equals + 2);
        if (end == labels.npos) break;
        if (labels.substr(0, equals) != bound_label)
            words.append(" ").append(labels.substr(equals + 2, end - equals - 2));
        labels.remove_prefix(std::min(end + 2, labels.size()));
    }
    return words;
}

}  // namespace

std::map<std::string, double> sum_metrics(std::string_view text) {
    std::map<std::string, double> sums;
    for_each_sample(text, [&](const Sample& sample) { sums[std::string(sample.name)] += sample.value; });
    return sums;
}

std::map<std::string, double> sum_by_label(std::string_view text, std::string_view metric,
                                           std::string_view label) {
    std::map<std::string, double> sums;
    for_each_sample(text, [&](const Sample& sample) {
        if (sample.name == metric) sums[std::string(label_value(sample.labels, label))] += sample.value;
    });
    return sums;
}

std::string find_label(std::string_view text, std::string_view metric, std::string_view label) {
    std::string found;
    for_each_sample(text, [&](const Sample& sample) {
        if (found.empty() && sample.name == metric) found = label_value(sample.labels, label);
    });
    return found;
}

double Histogram::count() const {
    return at_most.empty() ? 0 : at_most.rbegin()->second;
}

std::optional<double> Histogram::percentile(double share) const {
    const auto wanted = share * count();
    if (wanted <= 0) return std::nullopt;
    double lower_bound = 0;
    double below = 0;
    for (const auto& [bound, so_many] : at_most) {
        if (so_many >= wanted) {
            const bool is_last = bound == std::numeric_limits<double>::infinity();
            if (is_last) return lower_bound;
            return lower_bound + (bound - lower_bound) * (wanted - below) / (so_many - below);
        }
        lower_bound = bound;
        below = so_many;
    }
    return lower_bound;
}

std::map<std::string, Histogram> find_histograms(std::string_view text) {
    std::map<std::string, Histogram> histograms;
    for_each_sample(text, [&](const Sample& sample) {
        if (!sample.name.ends_with(bucket_suffix)) return;
        const auto bound = parse_number(label_value(sample.labels, bound_label));
        if (!bound) return;
        const auto name = sample.name.substr(0, sample.name.size() - bucket_suffix.size());
        histograms[std::string(name) + other_labels(sample.labels)].at_most[*bound] += sample.value;
    });
    return histograms;
}

Histogram since(const Histogram& now, const Histogram& before) {
    auto change = now;
    for (auto& [bound, so_many] : change.at_most) {
        const auto earlier = before.at_most.find(bound);
        if (earlier != before.at_most.end()) so_many -= earlier->second;
        if (so_many < 0) return now;
    }
    return change;
}

}  // namespace hourglass::cli

#include "cli/metrics.hpp"

#include <algorithm>
#include <charconv>

namespace hourglass::cli {

namespace {

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::string_view name_of(std::string_view sample) {
    return sample.substr(0, sample.find_first_of("{ "));
}

}  // namespace

std::map<std::string, double> sum_metrics(std::string_view text) {
    std::map<std::string, double> sums;
    while (!text.empty()) {
        const auto line = take_line(text);
        if (line.empty() || line.front() == '#') continue;
        const auto labels_end = line.rfind('}');
        const auto value_start = line.find(' ', labels_end == std::string_view::npos ? 0 : labels_end);
        if (value_start == std::string_view::npos) continue;
        const auto value = line.substr(value_start + 1);
        double number{};
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error == std::errc{} && end != value.data()) sums[std::string(name_of(line))] += number;
    }
    return sums;
}

std::string find_label(std::string_view text, std::string_view metric, std::string_view label) {
    const auto opening = std::string(label) + "=\"";
    while (!text.empty()) {
        const auto line = take_line(text);
        if (name_of(line) != metric) continue;
        const auto start = line.find(opening);
        if (start == std::string_view::npos) continue;
        const auto value = line.substr(start + opening.size());
        return std::string(value.substr(0, value.find('"')));
    }
    return {};
}

}  // namespace hourglass::cli

#include "daemon/exposition.hpp"

#include <array>
#include <charconv>

namespace hourglass::daemon {

namespace {

using store::LatencyHistogram;

std::string_view suffix_of(std::string_view type) {
    if (type == "counter") return "_total";
    return type == "info" ? "_info" : "";
}

std::string_view unit_of(std::string_view name) {
    for (const std::string_view unit : {"seconds", "bytes"}) {
        if (name.ends_with(unit)) return unit;
    }
    return {};
}

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

// A bound as every exporter writes it, so that series of several fit together: 5e-05, 0.0001, 1.0.
std::string bound_text(std::chrono::nanoseconds bound) {
    using std::chars_format;
    const auto value = seconds(bound);
    constexpr double scientific_below = 1e-4;
    std::array<char, 32> digits{};
    const auto form = value < scientific_below ? chars_format::scientific : chars_format::fixed;
    const auto end = std::to_chars(digits.begin(), digits.end(), value, form).ptr;
    auto text = std::string(digits.begin(), end);
    if (text.find_first_of(".e") == text.npos) text += ".0";
    return text;
}

}  // namespace

void Exposition::begin(std::string_view name, std::string_view type, std::string_view help) {
    const bool is_open_metrics = format_ == api::MetricsFormat::open_metrics;
    family_ = name;
    suffix_ = suffix_of(type);
    const auto named = is_open_metrics ? family_ : family_ + std::string(suffix_);
    const auto shown_type = type == "info" && !is_open_metrics ? std::string_view("gauge") : type;
    text_.append("# TYPE ").append(named).append(" ").append(shown_type).append("\n");
    const auto unit = unit_of(name);
    if (is_open_metrics && !unit.empty())
        text_.append("# UNIT ").append(named).append(" ").append(unit).append("\n");
    text_.append("# HELP ").append(named).append(" ").append(help).append("\n");
}

void Exposition::histogram(std::string_view labels, const LatencyHistogram::Reading& reading) {
    const auto prefix = labels.empty() ? std::string() : std::string(labels) + ",";
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < reading.counts.size(); ++i) {
        const bool is_last = i == LatencyHistogram::bounds.size();
        const auto bound = is_last ? "+Inf" : bound_text(LatencyHistogram::bounds[i]);
        sum += reading.counts[i];
        append("_bucket", prefix + "le=\"" + bound + "\"", std::to_string(sum));
    }
    append("_count", labels, std::to_string(sum));
    append("_sum", labels, number(seconds(std::chrono::nanoseconds(reading.nanoseconds))));
}

void Exposition::gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    begin(name, "gauge", help);
    sample({}, value);
}

void Exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    begin(name, "counter", help);
    sample({}, value);
}

std::string Exposition::end() && {
    if (format_ == api::MetricsFormat::open_metrics) text_ += "# EOF\n";
    return std::move(text_);
}

std::string Exposition::number(double value) {
    std::array<char, 32> digits{};
    return {digits.begin(), std::to_chars(digits.begin(), digits.end(), value).ptr};
}

void Exposition::append(std::string_view suffix, std::string_view labels, std::string_view value) {
    text_.append(family_).append(suffix_).append(suffix);
    if (!labels.empty()) text_.append("{").append(labels).append("}");
    text_.append(" ").append(value).append("\n");
}

}  // namespace hourglass::daemon

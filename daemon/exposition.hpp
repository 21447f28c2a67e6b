// The text of /metrics while it is written, as OpenMetrics 1.0 or in Prometheus' older form (0.0.4), which
// names counters by their samples and knows neither units nor an end. Units come from names, as the
// conventions want.
#pragma once

#include "api/server.hpp"
#include "store/latency_histogram.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace hourglass::daemon {

class Exposition {
public:
    explicit Exposition(api::MetricsFormat format) : format_(format) {}

    // Begins a family; its samples follow. Names go without the suffix of their samples, such as _total.
    // `help` has no quotation marks, backslashes or line feeds, labels neither.
    void begin(std::string_view name, std::string_view type, std::string_view help);
    // `labels`: name="value",name="value"
    void sample(std::string_view labels, std::integral auto value) {
        append({}, labels, std::to_string(value));
    }
    void sample(std::string_view labels, double value) { append({}, labels, number(value)); }
    void histogram(std::string_view labels, const store::LatencyHistogram::Reading& reading);

    // Families of one sample.
    void gauge(std::string_view name, std::string_view help, std::uint64_t value);
    void counter(std::string_view name, std::string_view help, std::uint64_t value);

    std::string end() &&;

private:
    static std::string number(double value);
    void append(std::string_view suffix, std::string_view labels, std::string_view value);

    const api::MetricsFormat format_;
    std::string family_;
    std::string_view suffix_;  // of the family's samples
    std::string text_;
};

}  // namespace hourglass::daemon

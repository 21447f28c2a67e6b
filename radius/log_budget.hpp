// How many lines a second one kind of event may bring, in the log or in the stream of events: anyone can send
// us datagrams, and neither the journal nor a worker's time shall go to telling of each. The counters have
// them all. Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::radius {

// As a field of the line; empty, which shows no field, for none.
inline std::string count_text(std::uint64_t left_out) {
    return left_out == 0 ? std::string() : std::to_string(left_out);
}

class LogBudget {
public:
    using Time = std::chrono::system_clock::time_point;

    explicit LogBudget(int lines_per_second_max) : lines_per_second_max_(lines_per_second_max) {}

    // Whether a line may be written now, and then how many were left out since the last one.
    std::optional<std::uint64_t> take(Time now) {
        const auto second = std::chrono::floor<std::chrono::seconds>(now);
        if (second != second_) {
            second_ = second;
            lines_ = 0;
        }
        if (lines_ >= lines_per_second_max_) {
            ++left_out_;
            return std::nullopt;
        }
        ++lines_;
        return std::exchange(left_out_, 0);
    }

private:
    int lines_per_second_max_;
    int lines_ = 0;
    std::chrono::sys_seconds second_{};
    std::uint64_t left_out_ = 0;
};

}  // namespace hourglass::radius

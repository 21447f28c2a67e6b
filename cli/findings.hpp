// What an operator would look at by hand, one finding a line: good, doubtful or bad, with the next step.
#pragma once

#include "cli/facts.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::cli {

enum class Level { ok, warning, failure };
// "ok", "warn", "fail"
std::string_view word_of(Level level);

struct Finding {
    Level level{};
    std::string subject;  // "redis"
    std::string sentence;
    std::string next_step{};  // empty where there is none to take
};

struct Patience {
    std::chrono::seconds nas_silence = std::chrono::hours(24);
};

// In the order in which one would look. Of a daemon that does not answer, that alone.
std::vector<Finding> examine(const Facts& facts, const Patience& patience = {});

}  // namespace hourglass::cli

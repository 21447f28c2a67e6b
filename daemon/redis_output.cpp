#include "daemon/redis_output.hpp"

#include <algorithm>
#include <array>

namespace hourglass::daemon {

namespace {

constexpr std::size_t line_octets_max = 2048;  // what is longer is cut
constexpr std::string_view level_marks = ".-*#";

// Redis marks its banner and its disasters alike with '#'; these words are in the disasters. The rest is of
// interest only when one looks for something.
constexpr auto words_of_trouble = std::to_array<std::string_view>(
    {"WARNING", "rror", "ailed", "annot", "an't", "atal", "Bad ", "denied", "corrupt", "Out Of"});

bool tells_trouble(std::string_view text) {
    return std::ranges::any_of(
        words_of_trouble, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

LogLevel level_of(char mark, std::string_view text) {
    return mark == '#' && tells_trouble(text) ? LogLevel::warning : LogLevel::debug;
}

}  // namespace

RedisLine parse_redis_line(std::string_view line) {
    // "12:signal-handler (1795366044) Received SIGTERM": said when we end it.
    if (line.find(":signal-handler (") < line.find(' ')) {
        return {LogLevel::debug, line.substr(std::min(line.find(") ") + 2, line.size()))};
    }

    constexpr int words_before_mark = 5;  // "12:M", "22", "Nov", "2026", "16:20:00.123"
    auto rest = line;
    for (int i = 0; i < words_before_mark; ++i) {
        const auto space = rest.find(' ');
        if (space == std::string_view::npos) return {LogLevel::warning, line};
        rest.remove_prefix(space + 1);
    }
    const bool has_mark =
        rest.size() > 2 && rest[1] == ' ' && level_marks.find(rest[0]) != std::string_view::npos;
    if (!has_mark) return {LogLevel::warning, line};
    const auto text = rest.substr(2);
    return {level_of(rest[0], text), text};
}

void RedisOutput::take(std::string_view octets) {
    for (const char octet : octets) {
        if (octet == '\n') {
            finish_line();
        } else if (line_.size() < line_octets_max) {
            line_ += octet;
        }
    }
}

void RedisOutput::finish_line() {
    const auto parsed = parse_redis_line(line_);
    if (!parsed.text.empty()) {
        log_.write(parsed.level, "Redis: " + std::string(parsed.text), {});
        last_line_ = parsed.text;
    }
    line_.clear();
}

}  // namespace hourglass::daemon

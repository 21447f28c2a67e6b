// Where log lines go: the journal with its fields, or standard error as text or JSON. One event is one line
// and one write(2), whichever thread it comes from; control characters are escaped, so that no name that a
// NAS sends can forge a line or drive a terminal.
#pragma once

#include "store/log.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hourglass::daemon {

enum class LogFormat { automatic, journal, text, json };

std::optional<LogLevel> parse_log_level(std::string_view text);
std::optional<LogFormat> parse_log_format(std::string_view text);

// `automatic` becomes journal if standard error leads to the journal ($JOURNAL_STREAM), else text.
LogFormat resolve(LogFormat format);

// Pure, for tests. Both end without a newline.
std::string format_text(std::chrono::system_clock::time_point now, LogLevel level, std::string_view message,
                        std::span<const LogField> fields);
std::string format_json(std::chrono::system_clock::time_point now, LogLevel level, std::string_view message,
                        std::span<const LogField> fields);

class Logging : public Log {
public:
    Logging(LogFormat format, LogLevel least_severe)
        : format_(resolve(format)), least_severe_(least_severe) {}

    // From any thread.
    void set_level(LogLevel least_severe) { least_severe_.store(least_severe, std::memory_order_relaxed); }

    bool is_enabled(LogLevel level) const override {
        return level <= least_severe_.load(std::memory_order_relaxed);
    }
    void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override;

private:
    const LogFormat format_;
    std::atomic<LogLevel> least_severe_;
};

}  // namespace hourglass::daemon

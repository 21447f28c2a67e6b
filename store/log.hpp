// The events that parts report. One event is one line: a level, a sentence, and fields. Where lines go
// (journal, stderr as text or JSON) is the daemon's matter. Nothing secret is ever passed in.
#pragma once

#include <initializer_list>
#include <string_view>

namespace hourglass {

// In the order of syslog(3), most severe first.
enum class LogLevel { error, warning, notice, info, debug };

struct LogField {
    std::string_view name;   // snake_case, such as "nas", "user", "session", "request_id"
    std::string_view value;  // empty: the line goes without the field
};

// Safe to call from every thread.
class Log {
public:
    virtual ~Log() = default;

    // Lets a caller leave out the work of formatting what nobody reads.
    virtual bool is_enabled(LogLevel level) const = 0;
    virtual void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) = 0;

    void error(std::string_view message, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::error, message, fields);
    }
    void warning(std::string_view message, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::warning, message, fields);
    }
    void notice(std::string_view message, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::notice, message, fields);
    }
    void info(std::string_view message, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::info, message, fields);
    }
    void debug(std::string_view message, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::debug, message, fields);
    }
};

}  // namespace hourglass

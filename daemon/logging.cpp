#include "daemon/logging.hpp"

#include "daemon/printable.hpp"

#include <nlohmann/json.hpp>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace hourglass::daemon {

namespace {

struct LevelName {
    LogLevel level;
    std::string_view name;
    int priority;  // of syslog(3)
};

constexpr auto levels = std::to_array<LevelName>({
    {LogLevel::error,   "error",   3},
    {LogLevel::warning, "warning", 4},
    {LogLevel::notice,  "notice",  5},
    {LogLevel::info,    "info",    6},
    {LogLevel::debug,   "debug",   7},
});

constexpr auto formats = std::to_array<std::pair<std::string_view, LogFormat>>({
    {"auto",    LogFormat::automatic},
    {"journal", LogFormat::journal  },
    {"text",    LogFormat::text     },
    {"json",    LogFormat::json     },
});

const LevelName& describe(LogLevel level) {
    return *std::ranges::find(levels, level, &LevelName::level);
}

void append_field(std::string& out, const LogField& field) {
    const bool is_plain = is_one_word(field.value);
    out += ' ';
    out += field.name;
    out += '=';
    if (!is_plain) out += '"';
    append_printable(out, field.value, !is_plain);
    if (!is_plain) out += '"';
}

std::string with_fields(std::string_view message, std::span<const LogField> fields) {
    std::string out;
    append_printable(out, message, false);
    for (const auto& field : fields) {
        if (!field.value.empty()) append_field(out, field);
    }
    return out;
}

// RFC 3339 in UTC, to the millisecond.
std::string format_time(std::chrono::system_clock::time_point now) {
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
    const std::time_t unix_time = std::chrono::system_clock::to_time_t(seconds);
    std::tm utc{};
    gmtime_r(&unix_time, &utc);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ",
                  static_cast<int>((milliseconds - seconds).count()));
    return std::string(text.data(), size) + fraction.data();
}

// A line that cannot be written is lost: there is nowhere left to say so.
void write_line(std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto written = ::write(STDERR_FILENO, rest.data(), rest.size());
        if (written < 0 && errno != EINTR) return;
        if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string journal_name(std::string_view field) {
    std::string name = "HOURGLASS_";
    for (const char c : field) {
        if (c >= 'a' && c <= 'z') {
            name += static_cast<char>(c - 'a' + 'A');
        } else {
            name += c;
        }
    }
    return name;
}

void send_to_journal(LogLevel level, std::string_view message, std::span<const LogField> fields) {
    std::vector<std::string> entries;
    entries.reserve(fields.size() + 3);
    entries.push_back("MESSAGE=" + with_fields(message, fields));
    entries.push_back("PRIORITY=" + std::to_string(describe(level).priority));
    entries.emplace_back("SYSLOG_IDENTIFIER=hourglassd");
    for (const auto& field : fields) {
        if (!field.value.empty())
            entries.push_back(journal_name(field.name) + "=" + std::string(field.value));
    }

    std::vector<iovec> vectors;
    vectors.reserve(entries.size());
    for (auto& entry : entries)
        vectors.push_back({entry.data(), entry.size()});
    sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size()));
}

bool is_stderr_the_journal() {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat status{};
    if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
    return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
    const auto* const found = std::ranges::find(levels, text, &LevelName::name);
    if (found == levels.end()) return std::nullopt;
    return found->level;
}

std::optional<LogFormat> parse_log_format(std::string_view text) {
    for (const auto& [name, format] : formats) {
        if (name == text) return format;
    }
    return std::nullopt;
}

LogFormat resolve(LogFormat format) {
    if (format != LogFormat::automatic) return format;
    return is_stderr_the_journal() ? LogFormat::journal : LogFormat::text;
}

std::string format_text(std::chrono::system_clock::time_point now, LogLevel level, std::string_view message,
                        std::span<const LogField> fields) {
    return format_time(now) + " " + std::string(describe(level).name) + ": " + with_fields(message, fields);
}

std::string format_json(std::chrono::system_clock::time_point now, LogLevel level, std::string_view message,
                        std::span<const LogField> fields) {
    nlohmann::ordered_json line;
    line["time"] = format_time(now);
    line["level"] = describe(level).name;
    line["message"] = message;
    for (const auto& field : fields) {
        if (!field.value.empty()) line[std::string(field.name)] = field.value;
    }
    return line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

void Logging::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    if (!is_enabled(level)) return;
    const std::span<const LogField> all(fields.begin(), fields.size());
    const auto now = std::chrono::system_clock::now();
    switch (format_) {
        case LogFormat::journal:
            return send_to_journal(level, message, all);
        case LogFormat::json:
            return write_line(format_json(now, level, message, all));
        case LogFormat::automatic:
        case LogFormat::text:
            return write_line(format_text(now, level, message, all));
    }
}

}  // namespace hourglass::daemon

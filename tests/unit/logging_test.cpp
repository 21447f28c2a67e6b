// Log lines: one event is one line, whatever is in it.
#include "daemon/logging.hpp"

#include "daemon/redis_output.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <vector>

namespace hourglass::daemon {

namespace {

constexpr std::chrono::system_clock::time_point moment(std::chrono::milliseconds(1'700'000'000'123));

std::string text_of(std::string_view message, std::initializer_list<LogField> fields) {
    return format_text(moment, LogLevel::notice, message, {fields.begin(), fields.size()});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(logging)

BOOST_AUTO_TEST_CASE(a_text_line_has_time_level_message_and_fields) {
    BOOST_TEST(text_of("User rejected",
                       {
                           {"user",   "alice"         },
                           {"reason", "wrong password"},
                           {"nas",    ""              }
    }) ==
               "2023-11-14T22:13:20.123Z notice: User rejected user=alice reason=\"wrong password\"");
}

// A User-Name is whatever a NAS sends.
BOOST_AUTO_TEST_CASE(no_value_can_forge_a_line_or_drive_a_terminal) {
    const auto rows = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"a\nb", R"("a\nb")"},
        {"a\r\x1b[2J", R"("a\x0d\x1b[2J")"},
        {"a\x7f", R"("a\x7f")"},
        {"a\" level=\"b", R"("a\" level=\"b")"},
        {"a\\nb", R"("a\\nb")"},
        {"a=b", R"("a=b")"},
        {std::string_view("\0", 1), R"("\x00")"},
        {"\xc2\x9b"
         "2J", R"("\xc2\x9b2J")"},
        {"\x9b"
         "2J", R"("\x9b2J")"},
        {"a\u202eb", R"("a\xe2\x80\xaeb")"},
        {"a\u2028b", R"("a\xe2\x80\xa8b")"},
        {"a\xc0\x8a", R"("a\xc0\x8a")"},
        {"a\xe2\x80", R"("a\xe2\x80")"},
        {"\xed\xa0\x80", R"("\xed\xa0\x80")"},
        {"Zoë", "Zoë"},
        {"漢字😀", "漢字😀"},
    });
    for (const auto& [value, shown] : rows) {
        BOOST_TEST(text_of("m",
                           {
                               {"user", value}
        })
                       .ends_with(" user=" + std::string(shown)),
                   text_of("m", {{"user", value}}));
    }
    BOOST_TEST(text_of("two\nlines", {}).find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_json_line_is_json_even_with_broken_utf8) {
    const std::array<LogField, 2> fields{
        {{"user", "a\xff\nb"}, {"nas", "lab"}}
    };
    const auto line = format_json(moment, LogLevel::warning, "Sentence", fields);
    const auto parsed = nlohmann::json::parse(line);
    BOOST_TEST(line.find('\n') == std::string::npos);
    BOOST_TEST(parsed.at("level") == "warning");
    BOOST_TEST(parsed.at("message") == "Sentence");
    BOOST_TEST(parsed.at("nas") == "lab");
    BOOST_TEST(parsed.at("time") == "2023-11-14T22:13:20.123Z");
}

BOOST_AUTO_TEST_CASE(the_level_can_change_while_running) {
    Logging log(LogFormat::text, LogLevel::warning);
    BOOST_TEST(log.is_enabled(LogLevel::error));
    BOOST_TEST(!log.is_enabled(LogLevel::info));
    log.set_level(LogLevel::debug);
    BOOST_TEST(log.is_enabled(LogLevel::debug));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(redis_output)

BOOST_AUTO_TEST_CASE(redis_lines_become_events_of_their_weight) {
    struct Row {
        std::string_view line;
        LogLevel level;
        std::string_view text;
    };
    const auto rows = std::to_array<Row>({
        {"7:M 22 Nov 2026 16:20:00.123 * Ready to accept connections",                            LogLevel::debug,
         "Ready to accept connections"                                                                                                                                       },
        {"7:M 22 Nov 2026 16:20:00.123 # Server initialized",                                     LogLevel::debug,   "Server initialized"                                    },
        {"7:M 22 Nov 2026 16:20:00.123 # Error writing to the AOF file: No space left on device",
         LogLevel::warning,                                                                                          "Error writing to the AOF file: No space left on device"},
        {"7:M 22 Nov 2026 16:20:00.123 - Accepted x",                                             LogLevel::debug,   "Accepted x"                                            },
        {"7:signal-handler (1795366044) Received SIGTERM scheduling shutdown...",                 LogLevel::debug,
         "Received SIGTERM scheduling shutdown..."                                                                                                                           },
        {"*** FATAL CONFIG FILE ERROR ***",                                                       LogLevel::warning, "*** FATAL CONFIG FILE ERROR ***"                       },
        {"one two three four five six",                                                           LogLevel::warning, "one two three four five six"                           },
        {"",                                                                                      LogLevel::warning, ""                                                      },
    });
    for (const auto& row : rows) {
        const auto parsed = parse_redis_line(row.line);
        BOOST_TEST(parsed.text == row.text);
        BOOST_CHECK(parsed.level == row.level);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon

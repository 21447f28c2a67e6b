// Comma-separated values as RFC 4180 has them: quotes, CRLF or LF, line breaks inside quotes. A cell tells
// whether it was quoted, so that nothing at all and an empty text stay apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::api {

inline constexpr std::size_t csv_cells_max = 64;

struct CsvCell {
    std::string text;
    bool is_quoted{};

    bool operator==(const CsvCell&) const = default;
};

struct CsvRecord {
    std::uint64_t line{};  // where it begins, from 1
    std::vector<CsvCell> cells;
};

// Records out of octets that arrive in pieces; it holds one piece and one record.
class CsvReader {
public:
    explicit CsvReader(std::size_t record_octets_max) : record_octets_max_(record_octets_max) {}

    // Call it when next() gave nothing any more.
    void feed(std::string_view piece);
    void end() { has_ended_ = true; }
    // nullopt: more has to be fed, or that was all, or the text is broken. Empty lines are no records.
    std::optional<CsvRecord> next();
    // What makes the text unreadable from here on, for there is no telling where a record begins; else empty.
    const std::string& breakage() const { return breakage_; }

private:
    enum class State { cell_start, unquoted, quoted, quote_in_quoted, carriage_return };

    // True: a record is complete.
    bool take(char octet);
    bool take_outside_quotes(char octet);
    void end_cell();
    std::optional<CsvRecord> end_record();
    void break_off(std::string_view why);

    std::size_t record_octets_max_;
    std::string piece_;
    std::size_t at_ = 0;
    State state_ = State::cell_start;
    CsvRecord record_;
    CsvCell cell_;
    std::size_t record_octets_ = 0;
    std::uint64_t line_ = 1;
    std::string breakage_;
    bool has_ended_ = false;
};

// Appends one cell to a line, quoted where it must be; nullopt is a cell with nothing in it, "" an empty
// text.
void append_csv_cell(std::string& line, std::optional<std::string_view> text);

}  // namespace hourglass::api

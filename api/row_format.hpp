// Records as rows of a text: a JSON object a line (NDJSON), or CSV whose first line names the fields. What is
// written in one form and read again is the same record.
//
// In CSV a cell with nothing in it is null, for a field that keeps its value when it is not sent (password,
// is_active, user_time, ...) it is "not sent", and "" in quotes is an empty text. user_time that is null is
// the word "unmetered": nobody gets time without end by an empty cell. A list is JSON, or its items with
// semicolons between them.
#pragma once

#include "api/csv.hpp"
#include "api/field.hpp"
#include "api/line_splitter.hpp"

namespace hourglass::api {

inline constexpr std::size_t row_octets_max = 64 * 1024;
inline constexpr std::string_view unmetered_word = "unmetered";

enum class RowForm { ndjson, csv };

std::string_view media_type_of(RowForm form);

struct Row {
    std::uint64_t number{};  // from 1; the header of CSV is none
    std::uint64_t line{};    // of the text, from 1
    json body;               // as the body of a POST
    std::string problem;     // not empty: why this is no record
};

// Rows out of octets that arrive in pieces; a byte order mark at the start is no part of them.
class RowReader {
public:
    // The table outlives it. In CSV it says which columns there may be.
    RowReader(RowForm form, std::span<const Field> fields);

    // Call it when next() gave nothing any more.
    void feed(std::string_view piece);
    void end();
    // nullopt: more has to be fed, or that was all, or the text is broken.
    std::optional<Row> next();
    // Why the rest cannot be read; else empty.
    const std::string& breakage() const;

private:
    void feed_form(std::string_view piece);
    std::optional<Row> next_json();
    std::optional<Row> next_csv();
    bool take_header(const CsvRecord& header);
    Row read_cells(CsvRecord record);

    RowForm form_;
    std::span<const Field> fields_;
    LineSplitter lines_;
    CsvReader csv_;
    std::vector<const Field*> columns_;
    std::string start_;  // the first octets, until it is known whether they are a byte order mark
    bool is_started_ = false;
    std::uint64_t rows_ = 0;
    std::string breakage_;
};

// With its line end. `record` has the fields as show_record() gives them.
std::string csv_header(std::span<const Field> fields);
std::string to_row(RowForm form, std::span<const Field> fields, const json& record);

}  // namespace hourglass::api

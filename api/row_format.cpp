#include "api/row_format.hpp"

#include "api/text.hpp"
#include "store/utf8.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_kept_when_empty(const Field& field) {
    return field.is_kept_by_put || !field.is_nullable;
}

std::string in_quotes(std::string_view text) {
    return to_text(json(text));
}

json split_list(std::string_view text) {
    auto items = json::array();
    while (true) {
        const auto end = std::min(text.find(';'), text.size());
        items.push_back(trim(text.substr(0, end)));
        if (end == text.size()) return items;
        text.remove_prefix(end + 1);
    }
}

// The cell of a field as a JSON body would have it; nullopt: not sent.
std::optional<json> read_cell(const Field& field, const CsvCell& cell) {
    const bool is_list = field.type == &list_type;
    if (cell.text.empty() && (!cell.is_quoted || is_list)) {
        return is_kept_when_empty(field) ? std::nullopt : std::optional(json(nullptr));
    }
    if (field.is_nullable && field.is_kept_by_put && cell.text == unmetered_word) return json(nullptr);
    if (!is_list) return json(cell.text);
    if (!cell.text.starts_with('[')) return split_list(cell.text);
    auto parsed = parse_json(cell.text);
    return parsed ? std::move(parsed->value) : json(cell.text);
}

void append_value(std::string& line, const Field& field, const json& value) {
    if (value.is_null()) {
        const bool needs_word = field.is_nullable && field.is_kept_by_put;
        append_csv_cell(line, needs_word ? std::optional(unmetered_word) : std::nullopt);
    } else if (value.is_string()) {
        append_csv_cell(line, value.get_ref<const std::string&>());
    } else {
        append_csv_cell(line, to_text(value));
    }
}

}  // namespace

std::string_view media_type_of(RowForm form) {
    return form == RowForm::csv ? "text/csv" : "application/x-ndjson";
}

RowReader::RowReader(RowForm form, std::span<const Field> fields)
    : form_(form), fields_(fields), lines_(row_octets_max), csv_(row_octets_max) {}

void RowReader::feed(std::string_view piece) {
    if (is_started_) return feed_form(piece);
    start_ += piece;
    if (start_.size() < byte_order_mark.size() && byte_order_mark.starts_with(start_)) return;
    is_started_ = true;
    const std::string_view text = start_;
    feed_form(text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text);
    start_.clear();
}

void RowReader::feed_form(std::string_view piece) {
    form_ == RowForm::csv ? csv_.feed(piece) : lines_.feed(piece);
}

void RowReader::end() {
    if (!is_started_) feed_form(start_);
    is_started_ = true;
    csv_.end();
    lines_.end();
}

std::optional<Row> RowReader::next() {
    return form_ == RowForm::csv ? next_csv() : next_json();
}

const std::string& RowReader::breakage() const {
    return breakage_.empty() ? csv_.breakage() : breakage_;
}

std::optional<Row> RowReader::next_json() {
    while (const auto line = lines_.next()) {
        if (trim(line->text).empty() && !line->is_too_long) continue;
        Row row{.number = ++rows_, .line = line->number, .body = {}, .problem = {}};
        if (line->is_too_long) {
            row.problem = "The row has more than " + std::to_string(row_octets_max) + " octets.";
            return row;
        }
        auto parsed = parse_json(line->text);
        if (parsed)
            row.body = std::move(parsed->value);
        else
            row.problem = parsed.error().detail;
        return row;
    }
    return std::nullopt;
}

std::optional<Row> RowReader::next_csv() {
    while (breakage_.empty()) {
        auto record = csv_.next();
        if (!record) return std::nullopt;
        if (!columns_.empty()) return read_cells(*std::move(record));
        if (!take_header(*record)) return std::nullopt;
    }
    return std::nullopt;
}

bool RowReader::take_header(const CsvRecord& header) {
    for (const auto& cell : header.cells) {
        const auto name = trim(cell.text);
        const auto field = std::ranges::find(fields_, name, &Field::name);
        if (field == fields_.end()) {
            breakage_ =
                "Line " + std::to_string(header.line) + ": there is no field " + in_quotes(name) + ".";
        } else if (std::ranges::find(columns_, &*field) != columns_.end()) {
            breakage_ =
                "Line " + std::to_string(header.line) + ": the column " + in_quotes(name) + " comes twice.";
        } else {
            columns_.push_back(&*field);
        }
    }
    return breakage_.empty();
}

Row RowReader::read_cells(CsvRecord record) {
    Row row{.number = ++rows_, .line = record.line, .body = json::object(), .problem = {}};
    if (record.cells.size() != columns_.size()) {
        row.problem = "The row has " + std::to_string(record.cells.size()) + " values, the header " +
                      std::to_string(columns_.size()) + ".";
        return row;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!store::is_utf8(record.cells[i].text)) {
            row.problem = "The row is not UTF-8.";
            return row;
        }
        if (auto value = read_cell(*columns_[i], record.cells[i])) {
            row.body[std::string(columns_[i]->name)] = *std::move(value);
        }
    }
    return row;
}

std::string csv_header(std::span<const Field> fields) {
    std::string line;
    for (const auto& field : fields) {
        if (!line.empty()) line += ',';
        append_csv_cell(line, field.name);
    }
    return line + "\r\n";
}

std::string to_row(RowForm form, std::span<const Field> fields, const json& record) {
    if (form == RowForm::ndjson) return to_text(record) + "\n";
    std::string line;
    bool is_first = true;
    for (const auto& field : fields) {
        if (!std::exchange(is_first, false)) line += ',';
        append_value(line, field, record.at(std::string(field.name)));
    }
    return line + "\r\n";
}

}  // namespace hourglass::api

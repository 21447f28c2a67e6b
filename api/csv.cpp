#include "api/csv.hpp"

namespace hourglass::api {

void CsvReader::feed(std::string_view piece) {
    piece_.assign(piece);
    at_ = 0;
}

std::optional<CsvRecord> CsvReader::next() {
    while (at_ < piece_.size() && breakage_.empty()) {
        if (!take(piece_[at_++])) continue;
        if (auto record = end_record()) return record;
    }
    if (!has_ended_ || !breakage_.empty()) return std::nullopt;

    if (state_ == State::quoted) {
        break_off("a quoted value has no end");
        return std::nullopt;
    }
    const bool is_begun = record_octets_ > 0;
    if (!is_begun) return std::nullopt;
    end_cell();
    return end_record();
}

bool CsvReader::take(char octet) {
    if (record_octets_ == 0) record_.line = line_;
    if (octet == '\n') ++line_;
    if (++record_octets_ > record_octets_max_ + 2) {  // two more for the line end
        break_off("the row has more than " + std::to_string(record_octets_max_) + " octets");
        return false;
    }
    switch (state_) {
        case State::quoted:
            if (octet == '"')
                state_ = State::quote_in_quoted;
            else
                cell_.text += octet;
            return false;
        case State::quote_in_quoted:
            if (octet == '"') {
                cell_.text += '"';
                state_ = State::quoted;
                return false;
            }
            if (octet != ',' && octet != '\r' && octet != '\n') {
                break_off("something follows the closing quote of a value");
                return false;
            }
            return take_outside_quotes(octet);
        case State::carriage_return:
            if (octet == '\n') {
                end_cell();
                return true;
            }
            break_off("a carriage return stands alone");
            return false;
        case State::cell_start:
        case State::unquoted:
            return take_outside_quotes(octet);
    }
    return false;
}

bool CsvReader::take_outside_quotes(char octet) {
    if (octet == '\n') {
        end_cell();
        return true;
    }
    if (octet == '\r') {
        state_ = State::carriage_return;
    } else if (octet == ',') {
        end_cell();
    } else if (octet == '"' && state_ == State::cell_start) {
        cell_.is_quoted = true;
        state_ = State::quoted;
    } else if (octet == '"') {
        break_off("a quote stands inside a value that is not quoted");
    } else {
        cell_.text += octet;
        state_ = State::unquoted;
    }
    return false;
}

void CsvReader::end_cell() {
    if (record_.cells.size() == csv_cells_max) {
        break_off("the row has more than " + std::to_string(csv_cells_max) + " values");
        return;
    }
    record_.cells.push_back(std::exchange(cell_, {}));
    state_ = State::cell_start;
}

std::optional<CsvRecord> CsvReader::end_record() {
    record_octets_ = 0;
    auto record = std::exchange(record_, {});
    const bool is_empty_line = record.cells.size() == 1 && record.cells.front() == CsvCell();
    if (is_empty_line || !breakage_.empty()) return std::nullopt;
    return record;
}

void CsvReader::break_off(std::string_view why) {
    breakage_ = "Line " + std::to_string(record_.line) + ": " + std::string(why) + ".";
}

void append_csv_cell(std::string& line, std::optional<std::string_view> text) {
    if (!text) return;
    const bool needs_quotes = text->empty() || text->find_first_of(",\"\r\n") != text->npos;
    if (!needs_quotes) {
        line += *text;
        return;
    }
    line += '"';
    for (const char octet : *text) {
        if (octet == '"') line += '"';
        line += octet;
    }
    line += '"';
}

}  // namespace hourglass::api

// Text for people: aligned columns, and nothing that could drive the terminal, whatever a user is called.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::cli {

// UTF-8 with what is not printable written out as \x1b, \u202e and the like: control characters, broken
// UTF-8, and the marks that turn the direction of writing.
std::string printable(std::string_view text);

// Columns that printable text takes on a terminal: 0 for combining marks, 2 for wide characters.
std::size_t display_width(std::string_view text);

// As much of printable text as fits into so many columns.
std::string fitted(std::string_view text, std::size_t columns);

class Table {
public:
    explicit Table(std::vector<std::string> header);
    // A table of names and values, without a header.
    Table() = default;

    // As many cells as the header has.
    void add(std::vector<std::string> cells);
    std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace hourglass::cli

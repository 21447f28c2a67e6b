#include "cli/table.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cwchar>
#include <cwctype>
#include <locale.h>
#include <stdexcept>

namespace hourglass::cli {

namespace {

constexpr std::size_t column_gap = 2;

// Makes libc read and measure UTF-8 while it lives, whatever the environment says.
class Utf8Scope {
public:
    Utf8Scope() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), previous_(uselocale(locale_)) {
        if (locale_ == nullptr) throw std::runtime_error("libc has no locale C.UTF-8");
    }
    ~Utf8Scope() {
        uselocale(previous_);
        freelocale(locale_);
    }
    Utf8Scope(const Utf8Scope&) = delete;
    Utf8Scope& operator=(const Utf8Scope&) = delete;

private:
    locale_t locale_;
    locale_t previous_;
};

struct Character {
    std::wint_t code{};
    std::size_t octets{};
    bool is_valid{};
};

// The first character of text that is not empty; a broken one is its first octet.
Character first_character(std::string_view text) {
    std::mbstate_t state{};
    wchar_t code{};
    const auto octets = std::mbrtowc(&code, text.data(), text.size(), &state);
    if (octets > text.size()) return {.code = static_cast<unsigned char>(text.front()), .octets = 1};
    return {
        .code = static_cast<std::wint_t>(code), .octets = std::max<std::size_t>(octets, 1), .is_valid = true};
}

bool turns_direction(std::wint_t code) {
    return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

// -1 for what is not printable.
int width_of(const Character& character) {
    return wcwidth(static_cast<wchar_t>(character.code));
}

bool is_harmless(const Character& character) {
    return character.is_valid && std::iswprint(character.code) != 0 && width_of(character) >= 0 &&
           !turns_direction(character.code);
}

std::string written_out(const Character& character) {
    std::array<char, 16> text{};
    const auto* format = character.code < 0x100 ? "\\x%02x" : "\\u%04x";
    std::snprintf(text.data(), text.size(), format, character.code);
    return text.data();
}

}  // namespace

std::string printable(std::string_view text) {
    const Utf8Scope utf8;
    std::string shown;
    while (!text.empty()) {
        const auto character = first_character(text);
        shown +=
            is_harmless(character) ? std::string(text.substr(0, character.octets)) : written_out(character);
        text.remove_prefix(character.octets);
    }
    return shown;
}

std::size_t display_width(std::string_view text) {
    const Utf8Scope utf8;
    std::size_t width{};
    while (!text.empty()) {
        const auto character = first_character(text);
        width += static_cast<std::size_t>(std::max(width_of(character), 0));
        text.remove_prefix(character.octets);
    }
    return width;
}

std::string fitted(std::string_view text, std::size_t columns) {
    const Utf8Scope utf8;
    std::size_t octets{};
    std::size_t width{};
    while (octets < text.size()) {
        const auto character = first_character(text.substr(octets));
        width += static_cast<std::size_t>(std::max(width_of(character), 0));
        if (width > columns) break;
        octets += character.octets;
    }
    return std::string(text.substr(0, octets));
}

Table::Table(std::vector<std::string> header) {
    rows_.push_back(std::move(header));
}

void Table::add(std::vector<std::string> cells) {
    std::transform(cells.begin(), cells.end(), cells.begin(),
                   [](const auto& cell) { return printable(cell); });
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], display_width(row[column]));
        }
    }

    std::string text;
    for (const auto& row : rows_) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            text += row[column];
            if (column + 1 == row.size()) break;
            text.append(widths[column] - display_width(row[column]) + column_gap, ' ');
        }
        text += '\n';
    }
    return text;
}

}  // namespace hourglass::cli

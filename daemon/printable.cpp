#include "daemon/printable.hpp"

#include "store/utf8.hpp"

#include <algorithm>
#include <array>

namespace hourglass::daemon {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Control characters, and of the format characters those that hide, break or reorder text.
constexpr auto unprintable = std::to_array<Range>({
    {0x00,    0x1f   },
    {0x7f,    0x9f   }, // DEL, and C1, which some terminals obey
    {0xad,    0xad   }, // soft hyphen
    {0x61c,   0x61c  },
    {0x200b,  0x200f }, // without width, and marks of direction
    {0x2028,  0x202e }, // separators of lines and paragraphs; embeddings and overrides of direction
    {0x2060,  0x206f },
    {0xfeff,  0xfeff },
    {0xfff9,  0xfffb },
    {0xe0000, 0xe007f}, // tags
});

bool is_unprintable(char32_t character) {
    return std::ranges::any_of(unprintable, [character](const Range& range) {
        return character >= range.first && character <= range.last;
    });
}

struct Character {
    std::size_t octets = 1;
    bool is_printable = false;
};

// The character that `text` begins with; octets that are none stand for themselves, one by one.
Character first_character(std::string_view text) {
    const auto octets = store::utf8_character_octets(text);
    if (octets == 0) return {};
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    char32_t character = octets == 1 ? octet(0) : octet(0) & (0x7fU >> octets);
    for (std::size_t at = 1; at < octets; ++at)
        character = character << 6U | (octet(at) & 0x3fU);
    return {octets, !is_unprintable(character)};
}

void append_hexadecimal(std::string& out, std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        out += "\\x";
        out += digits[octet >> 4U];
        out += digits[octet & 15U];
    }
}

}  // namespace

void append_printable(std::string& out, std::string_view text, bool is_quoted) {
    while (!text.empty()) {
        const auto character = first_character(text);
        const auto octets = text.substr(0, character.octets);
        if (octets == "\n")
            out += "\\n";
        else if (!character.is_printable)
            append_hexadecimal(out, octets);
        else {
            if (octets == "\\" || (is_quoted && octets == "\"")) out += '\\';
            out += octets;
        }
        text.remove_prefix(character.octets);
    }
}

bool is_one_word(std::string_view text) {
    if (text.find_first_of(" \"=\\") != std::string_view::npos) return false;
    while (!text.empty()) {
        const auto character = first_character(text);
        if (!character.is_printable) return false;
        text.remove_prefix(character.octets);
    }
    return true;
}

}  // namespace hourglass::daemon

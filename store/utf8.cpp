#include "store/utf8.hpp"

namespace hourglass::store {
namespace {

// How many octets a character that begins so has (RFC 3629 section 4); 0: none does.
std::size_t sequence_octets(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

// Overlong forms, surrogates and what lies beyond U+10FFFF show in the second octet.
bool is_second_octet(unsigned char first, unsigned char second) {
    const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most;
}

}  // namespace

std::size_t utf8_character_octets(std::string_view text) {
    if (text.empty()) return 0;
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto length = sequence_octets(octet(0));
    if (text.size() < length || (length > 1 && !is_second_octet(octet(0), octet(1)))) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if ((octet(i) & 0xC0) != 0x80) return 0;
    }
    return length;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto octets = utf8_character_octets(text);
        if (octets == 0) return false;
        text.remove_prefix(octets);
    }
    return true;
}

}  // namespace hourglass::store

#include "store/utf8.hpp"

#include <cstddef>

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

bool is_utf8(std::string_view text) {
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    for (std::size_t at = 0; at < text.size();) {
        const auto length = sequence_octets(octet(at));
        if (length == 0 || text.size() - at < length) return false;
        if (length > 1 && !is_second_octet(octet(at), octet(at + 1))) return false;
        for (std::size_t i = 2; i < length; ++i) {
            if ((octet(at + i) & 0xC0) != 0x80) return false;
        }
        at += length;
    }
    return true;
}

}  // namespace hourglass::store

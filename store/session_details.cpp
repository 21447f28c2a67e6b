#include "store/session_details.hpp"

#include "store/decimal_text.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

constexpr std::size_t length_octets_max = 21;  // with its colon

char* put(char* out, std::string_view text) {
    return std::copy(text.begin(), text.end(), out);
}

template <class Text>
std::string encode_members(const BasicSessionDetails<Text>& details) {
    std::size_t octets_max = 0;
    for (const auto member : session_details_members<Text>)
        octets_max += length_octets_max + (details.*member).size();

    std::string text(octets_max, '\0');
    auto* out = text.data();
    const auto* said = out;  // behind it nothing was
    for (const auto member : session_details_members<Text>) {
        const std::string_view part = details.*member;
        out = put(out, DecimalText(part.size()));
        *out++ = ':';
        out = put(out, part);
        if (!part.empty()) said = out;
    }
    text.resize(static_cast<std::size_t>(said - text.data()));
    return text;
}

}  // namespace

std::string encode(const SessionDetailsView& details) {
    return encode_members(details);
}

std::string encode(const SessionDetails& details) {
    return encode_members(details);
}

}  // namespace hourglass::store

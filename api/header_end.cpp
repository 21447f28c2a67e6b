#include "api/header_end.hpp"

namespace hourglass::api {

HeaderEnd::State HeaderEnd::find(std::string_view octets) {
    for (; position_ < octets.size(); ++position_) {
        const char octet = octets[position_];
        if (octet == '\0') return refuse("NUL in the header");
        if (octet == '\n') return refuse("a line ends in LF without CR");
        const bool begins_line = position_ == line_begin_ && position_ > 0;
        if (begins_line && (octet == ' ' || octet == '\t')) return refuse("a header line is folded");
        if (octet != '\r') continue;

        if (position_ + 1 == octets.size()) return State::incomplete;  // looked at again with what follows
        if (octets[position_ + 1] != '\n') return refuse("CR without LF");
        const bool is_empty_line = position_ == line_begin_;
        position_ += 2;
        if (is_empty_line) return State::found;
        line_begin_ = position_--;  // the loop steps over it
    }
    return State::incomplete;
}

HeaderEnd::State HeaderEnd::refuse(std::string_view reason) {
    reason_ = reason;
    return State::malformed;
}

}  // namespace hourglass::api

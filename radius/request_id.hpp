// What a request is called in the log: its source and Identifier, "192.0.2.10:49152/17", as a capture shows
// them.
#pragma once

#include "radius/datagram_batches.hpp"

#include <sstream>
#include <string>

namespace hourglass::radius {

inline std::string request_id(const Datagram& datagram) {
    std::ostringstream text;
    text << datagram.peer;
    constexpr std::size_t identifier = 1;  // RFC 2865 section 3
    if (datagram.bytes.size() > identifier) text << '/' << unsigned{datagram.bytes[identifier]};
    return text.str();
}

}  // namespace hourglass::radius

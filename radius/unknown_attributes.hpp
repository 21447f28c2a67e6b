// What a NAS reports and no dictionary knows, kept with the session for who can make something of it.
#pragma once

#include "radius/attribute_codec.hpp"

namespace hourglass::radius {

// Of one session. What does not fit is left out.
inline constexpr std::size_t unknown_attributes_octets_max = 512;

// "Attr-26.9999.7 = 0x01ff, Attr-250 = 0x00" in the packet's order; empty if all are known.
std::string unknown_attributes(const Packet& packet, const Dictionary& dictionary);

}  // namespace hourglass::radius

// Whole packets as people see them: by names, and without anything that would let a reader in. What is hidden
// is shown as ****, so that a trace may be copied into a mail.
#pragma once

#include "radius/attribute_text.hpp"

namespace hourglass::radius {

std::string name_of(Code code);  // "Access-Request"; "Code 250" for one that we do not know

// In the packet's order, and that there is a Message-Authenticator last. Passwords, keys, responses to
// challenges and EAP are masked, of vendors that we do not know too: whatever has such a name.
std::vector<AttributeText> show_packet(const Packet& packet, const Dictionary& dictionary);

// The same for attributes that are texts already.
AttributeText masked(AttributeText attribute);

}  // namespace hourglass::radius

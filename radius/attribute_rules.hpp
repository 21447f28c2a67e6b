// Which attributes a profile may give to a session.
#pragma once

#include "radius/attribute_text.hpp"

namespace hourglass::radius {

// Credentials, signatures and what belongs to the packet and not to the session, such as
// Message-Authenticator.
bool is_of_the_protocol(const AttributePath& path);

// What is wrong with an attribute that somebody wants a reply to have, as parse_attribute() read it; nullopt:
// nothing.
std::optional<std::string> find_reply_mistake(std::string_view name, const ParsedAttribute& parsed);

}  // namespace hourglass::radius

// The attributes of an Access-Accept that come from the decision and not from the authentication method.
#pragma once

#include "radius/attribute_cipher.hpp"
#include "radius/authorization.hpp"
#include "radius/packet_writer.hpp"

namespace hourglass::radius {

// What the daemon itself has to say.
void add_grant(PacketWriter& accept, const Grant& grant);

// Whether the sealer's salt must be random for what his profiles say.
bool has_secrets(const Grant& grant);

// What his profiles say, after everything else: whole attributes, as long as `reserved` octets more would
// fit. Returns how many did not.
std::size_t add_profile_attributes(PacketWriter& accept, const Grant& grant, std::size_t reserved,
                                   Sealer& sealer);

}  // namespace hourglass::radius

// The attributes of an Access-Accept that come from the decision and not from the authentication method.
#pragma once

#include "radius/attribute_cipher.hpp"
#include "radius/authorization.hpp"
#include "radius/packet_writer.hpp"

namespace hourglass::radius {

void add_grant(PacketWriter& accept, const Grant& grant, Sealer& sealer);

}  // namespace hourglass::radius

// MAC authentication. A user whose name and password are one MAC address is a device: it comes in by that
// address, sent as password in any spelling, or with Service-Type Call-Check, by which the NAS says that it
// asks for an address and not for a person. Nobody else is let in by his name alone.
#pragma once

#include "radius/credential.hpp"
#include "radius/user_names.hpp"

namespace hourglass::radius {

// As find_credential(); a Call-Check for a MAC address needs none.
std::variant<Credential, RejectReason> find_credential(const Packet& request, const UserIdentity& identity);

// As check(), for a person or a device. Does the same work for all whose User-Name is of one kind.
Verdict check(const Credential& credential, const Packet& request, const UserIdentity& identity,
              std::string_view password, std::string_view secret, Digests& digests);

// Whether a device's address is shown by a station that has another: somebody typed it in.
bool is_of_other_station(const Packet& request, const UserIdentity& identity, std::string_view password);

}  // namespace hourglass::radius

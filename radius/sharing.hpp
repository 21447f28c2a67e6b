// Several sessions on one balance, and none: how much of it a login gets beside the user's other sessions,
// and what he gets when nothing is left.
#pragma once

#include "radius/authorization.hpp"
#include "radius/packet.hpp"

#include <boost/asio/ip/address.hpp>

namespace hourglass::radius {

// Shared, the sessions burn the balance together, and all end when it is gone: the newcomer's part is the
// same as that of each other. Reserved, it is the slice that the store cut for him. At least 1 s; nullopt:
// the balance does not limit him.
store::Balance share_of_balance(const Login& login);

// Each session holds a slice of the balance, whatever the others have.
bool holds_slices(const Login& login);

std::string show_places(const Login& login);
std::string show_slice(const Login& login);

// Nothing is left, and his profiles have something for that.
bool is_in_walled_garden(const Login& login);
// Its Session-Timeout is one limit more, and its Acct-Interim-Interval is the grant's.
void add_walled_garden(Grant& grant, const ReplyAttributes& garden);

// From where a request would come in; as accounting will report it.
store::Newcomer newcomer_of(const Packet& request, const boost::asio::ip::address& source);

}  // namespace hourglass::radius

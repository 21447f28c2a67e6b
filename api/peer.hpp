// Who is at the other end: behind trusted proxies, and in which share of the limits.
#pragma once

#include "api/framing.hpp"

#include <boost/asio/ip/address.hpp>

#include <vector>

namespace hourglass::api {

using boost::asio::ip::address;

bool is_trusted(const address& peer, const std::vector<address>& proxies);

// The last hop that is no trusted proxy: `peer`, or what the proxies say of it in X-Forwarded-For.
address client_address(const address& peer, const Header& header, const std::vector<address>& proxies);

// Addresses that one client has at hand count as one: an IPv6 network of 64 bits, or an IPv4 address, in
// either form.
address share_of(const address& client);

}  // namespace hourglass::api

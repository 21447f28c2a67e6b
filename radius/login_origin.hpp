// Where a login comes from, as the conditions of profiles look at it: the request, and what is known of its
// sender beside.
#pragma once

#include "radius/packet.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>

namespace hourglass::radius {

// Views: what they look at outlives the decision.
struct LoginOrigin {
    std::optional<Packet> request;     // nullopt: nothing is known of it
    std::string_view nas_name;         // of the client entry
    boost::asio::ip::address address;  // that the request came from
};

}  // namespace hourglass::radius

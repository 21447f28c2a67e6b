// The sockets on which the daemon listens outlive it: systemd holds a duplicate of each and hands them to the next
// process, so what arrives during a restart waits in them for an answer. Which addresses they have, the settings
// alone say: a socket is taken over if it is bound to one of them, and closed otherwise. One that nobody reads
// must not stay, for the kernel would go on giving it its share of what comes to the address.
#pragma once

#include "daemon/service_manager.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <vector>

namespace hourglass::daemon {

class HeldSockets {
public:
    using Kept = service_manager::Kept;

    explicit HeldSockets(std::vector<Kept> kept) : untaken_(std::move(kept)) {}

    bool has(const boost::asio::ip::udp::endpoint& endpoint) const;
    // For the caller to own; -1: there is none, or none is left.
    int take(const boost::asio::ip::udp::endpoint& endpoint);
    int take(const boost::asio::ip::tcp::endpoint& endpoint);

    // Before anything is served. These are held from now on, and those that nobody took are no more.
    void hold(const std::vector<int>& descriptors);

private:
    template <class Endpoint>
    int take_bound_to(const Endpoint& endpoint);

    std::vector<Kept> untaken_;
};

}  // namespace hourglass::daemon

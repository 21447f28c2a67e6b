// The sockets on which the daemon listens outlive it: systemd holds a duplicate of each and hands them to the
// next process, so what arrives during a restart waits in them for an answer. Which addresses they have, the
// settings alone say: a socket is taken over if it is bound to one of them. One that nobody reads must not
// stay, for the kernel would go on giving it its share of what comes to the address.
#pragma once

#include "daemon/service_manager.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <vector>

namespace hourglass::daemon {

class HeldSockets {
public:
    using Kept = service_manager::Kept;

    // Where the settings want sockets.
    struct Wanted {
        std::vector<boost::asio::ip::udp::endpoint> udp;
        std::size_t sockets_each{};  // of those of UDP, which the workers share
        std::vector<boost::asio::ip::tcp::endpoint> tcp;
    };
    // What is not wanted is closed and forgotten at once: it would be in the way of others, or swallow
    // requests.
    HeldSockets(std::vector<Kept> kept, const Wanted& wanted);

    bool has(const boost::asio::ip::udp::endpoint& endpoint) const;
    // For the caller to own; -1: there is none, or none is left.
    int take(const boost::asio::ip::udp::endpoint& endpoint);
    int take(const boost::asio::ip::tcp::endpoint& endpoint);

    // From now on these are kept for the process after us.
    static void hold(const std::vector<int>& descriptors);

private:
    std::vector<Kept> untaken_;
};

}  // namespace hourglass::daemon

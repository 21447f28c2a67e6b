// The ear of a NAS for the server's own requests (RFC 5176): a UDP port for Disconnect- and CoA-Requests
// about the sessions that are online at its address.
#pragma once

#include "nas/dice.hpp"
#include "nas/packet.hpp"
#include "nas/plan.hpp"
#include "nas/tally.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <map>

namespace hourglass::nas {

class Device;

class Listener {
public:
    // Throws boost::system::system_error if the port is taken, or the address is none of this machine.
    Listener(boost::asio::io_context& loop, const boost::asio::ip::address_v4& address, const Plan& plan,
             const Secret& secret, Tally& tally);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    boost::asio::awaitable<void> serve(Dice dice);
    void close() { socket_.close(); }

    void enter(const std::string& session_id, Device& device) { online_.emplace(session_id, &device); }
    void leave(const std::string& session_id) { online_.erase(session_id); }

private:
    // Empty for silence.
    Octets answer(View request);
    Octets react(View request);

    boost::asio::ip::udp::socket socket_;
    const Plan& plan_;
    const Secret& secret_;
    Tally& tally_;
    std::map<std::string, Device*> online_;
    std::map<Octets, Octets> answered_;  // by the request, for its repeats
};

inline constexpr std::size_t answered_entries_max = 4096;

}  // namespace hourglass::nas

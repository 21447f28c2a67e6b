// One UDP port of a NAS, connected to a server: 256 identifiers for requests that wait for their answers
// (RFC 2865 section 3), over a network with the faults of the plan.
#pragma once

#include "nas/dice.hpp"
#include "nas/packet.hpp"
#include "nas/plan.hpp"
#include "nas/tally.hpp"
#include "nas/wait.hpp"

#include <array>
#include <deque>

namespace hourglass::nas {

// A request that waits: what was sent, who waits, and what came.
struct Pending {
    Wait& wait;
    Octets packet{};
    std::optional<Octets> answer{};
};

class Port {
public:
    // Throws boost::system::system_error if `source` is no address of this machine.
    Port(boost::asio::io_context& loop, const boost::asio::ip::address_v4& source,
         const boost::asio::ip::udp::endpoint& server, const Weather& weather, const Secret& secret,
         Tally& tally);
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;

    // Takes answers until the port is closed.
    boost::asio::awaitable<void> receive(Dice dice);
    void close();

    // The identifier that was free for the longest time; nullopt if none is.
    std::optional<std::uint8_t> claim(Pending& pending);
    bool claim(std::uint8_t identifier, Pending& pending);
    void release(std::uint8_t identifier);

    void send(const Octets& packet, Dice dice);

private:
    boost::asio::awaitable<void> send_late(Octets packet, Clock::duration delay);
    void transmit(const Octets& packet);
    void keep_back(const Octets& packet, double share);
    void take(View datagram);

    boost::asio::ip::udp::socket socket_;
    const Weather& weather_;
    const Secret& secret_;
    Tally& tally_;
    std::array<Pending*, 256> pending_{};
    std::deque<std::uint8_t> free_;  // longest free first
};

}  // namespace hourglass::nas

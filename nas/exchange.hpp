// A NAS's requests to one server: each is repeated until its answer comes or its time is over, in the manner
// of real NASes.
#pragma once

#include "nas/port.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace hourglass::nas {

// What differs between the implementations when they repeat and report.
struct Manner {
    bool takes_new_identifier;  // and tells in Acct-Delay-Time how old the report is
    bool takes_new_port;
    bool tells_event_time;  // Event-Timestamp
};

inline constexpr std::array manners{
    Manner{.takes_new_identifier = true,  .takes_new_port = false, .tells_event_time = true }, // as hostapd
    Manner{
           .takes_new_identifier = false, .takes_new_port = false, .tells_event_time = false}, // as strongSwan
    Manner{.takes_new_identifier = false, .takes_new_port = true,  .tells_event_time = false}, // as openvpn
};

// Makes a request with this identifier, about what happened so long ago.
using MakeRequest = std::function<Octets(std::uint8_t identifier, std::chrono::seconds age)>;

class Exchange {
public:
    Exchange(boost::asio::io_context& loop, const boost::asio::ip::address_v4& source,
             boost::asio::ip::udp::endpoint server, const Plan& plan, Manner manner, const Secret& secret,
             Tally& tally, Dice dice);

    // nullopt if the deadline of `wait`, which others may shorten, came before the answer. `wait` must
    // outlive the call.
    boost::asio::awaitable<std::optional<Octets>> ask(MakeRequest make, Wait& wait, Dice dice);
    void close();

private:
    struct Place {
        Port* port;
        std::uint8_t identifier;
    };
    // Holds a place while it lives.
    class Claim;

    Place claim(Pending& pending);
    Place claim_other_port(Place place, Pending& pending);
    Port& add_port();

    boost::asio::io_context& loop_;
    boost::asio::ip::address_v4 source_;
    boost::asio::ip::udp::endpoint server_;
    const Plan& plan_;
    Manner manner_;
    const Secret& secret_;
    Tally& tally_;
    Dice dice_;
    std::vector<std::unique_ptr<Port>> ports_;
};

}  // namespace hourglass::nas

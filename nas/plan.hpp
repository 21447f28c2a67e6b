// What a fleet of NASes is to do: how many, how long, over what network, with what manners.
#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::nas {

using Clock = std::chrono::steady_clock;

// What a NAS does when it is asked to end a session.
enum class Reaction : std::uint8_t { honour, ack_only, nak, ignore };
inline constexpr std::array<std::string_view, 4> reaction_names{"honour", "ack_only", "nak", "ignore"};

// Faults of the network, each from 0 to 1.
struct Weather {
    double loss{};      // of every datagram, both ways
    double repeats{};   // of what the NASes send: it arrives twice
    double disorder{};  // of what the NASes send: it arrives late, behind what was sent after it
};

struct Plan {
    boost::asio::ip::udp::endpoint auth{};
    boost::asio::ip::udp::endpoint acct{};
    std::string secret{};
    boost::asio::ip::network_v4 network{};  // a NAS for each address, or all of them at the only one
    std::uint16_t coa_port = 3799;
    std::uint64_t seed{};
    std::string run{};  // begins every Acct-Session-Id, so that no two runs share one

    std::size_t nases = 3;
    std::size_t devices = 1;  // of each user
    std::chrono::seconds duration{60};
    std::chrono::seconds ramp{5};                        // the first logins are spread over this time
    std::chrono::seconds stay{20};                       // from half of it to one and a half
    std::chrono::seconds pause{5};                       // likewise, between two stays of a device
    std::chrono::seconds interim{5};                     // 0: what the Access-Accept asks for
    double speed = 1;                                    // seconds that a NAS counts in one second
    std::optional<std::chrono::seconds> reboot_every{};  // of each NAS, about

    Weather weather{};
    std::array<double, reaction_names.size()> reactions{1, 0, 0, 0};  // weights
    double timeouts_ignored{};                     // share of the stays that go on past their Session-Timeout
    std::chrono::milliseconds repeat_after{1000};  // the first repeat of a request; the time doubles then
    std::chrono::seconds patience{60};             // after which a request is given up
};

inline constexpr std::chrono::milliseconds late_at_most{300};  // what is late arrives within this time
inline constexpr int repeat_interval_growth_max = 8;           // times repeat_after

}  // namespace hourglass::nas

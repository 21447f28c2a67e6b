// All requests of dynamic authorization that are under way, as one state machine without I/O: it is told what
// arrives and what time it is, and says what to send and what has come to an end.
//
// Thousands of sessions may end in one moment, and most of them at one NAS. So requests wait in a queue for
// each NAS, few are in flight to one NAS at first, and more as it answers, NASes take turns, and all together
// keep to a rate: a big NAS is served fast and not flooded, a silent one holds up nobody but itself.
#pragma once

#include "radius/dynamic_authorization_packet.hpp"
#include "radius/identifier_pool.hpp"
#include "radius/retransmission.hpp"

#include <boost/asio/ip/udp.hpp>

#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace hourglass::radius::dynamic_authorization {

// A timer's time and the calendar's, read together.
struct Moment {
    std::chrono::steady_clock::time_point time;
    std::chrono::sys_seconds date;
};

struct Limits {
    std::size_t requests_max = 65'536;  // waiting or in flight, all NASes together
    std::size_t requests_per_nas_max = 16'384;
    std::size_t in_flight_per_nas_min = 32;   // after a repeat, and at first
    std::size_t in_flight_per_nas_max = 256;  // one more with each answer
    std::size_t source_ports = 32;  // of a family, used when there are more requests than Identifiers
    std::chrono::microseconds send_interval{125};      // between new packets, all NASes together
    int send_burst_max = 100;                          // that may leave at once after a rest
    std::chrono::milliseconds waiting_max{300'000};    // in the queue of a NAS
    std::chrono::milliseconds identifier_rest{2'000};  // after its request has ended
    RetransmissionLimits retransmission{};
};

class Exchanges {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Ticket = std::uint64_t;  // of one request

    // A NAS may discard a request whose Event-Timestamp is older than this (RFC 5176 section 6.3). The
    // timestamp is that of the first transmission: a repeat is the same packet.
    static constexpr std::chrono::seconds event_timestamp_age_max{300};
    static_assert(RetransmissionLimits{}.duration_max < event_timestamp_age_max);
    static_assert(Limits{}.in_flight_per_nas_max <= IdentifierPool::identifiers_max);
    // The last one in a full queue has its turn in time, if the NAS answers at all, with two packets for
    // each, also from one source port.
    static_assert(2 * Limits{}.requests_per_nas_max * Limits{}.identifier_rest /
                      IdentifierPool::identifiers_max <=
                  Limits{}.waiting_max);
    static constexpr std::size_t nases_remembered_max = 65'536;

    struct Target {
        boost::asio::ip::udp::endpoint nas;
        std::string secret;
    };
    struct Transmission {
        boost::asio::ip::udp::endpoint nas;
        std::size_t source{};  // the source port it leaves from, of as many as Limits has
        std::vector<std::uint8_t> bytes;
        Kind kind{};
        bool is_repeat{};
    };
    struct Finished {
        Ticket ticket{};
        Outcome outcome;
    };

    explicit Exchanges(std::uint32_t seed, const Limits& limits = {}) : limits_(limits), random_(seed) {}
    Exchanges(const Exchanges&) = delete;
    Exchanges& operator=(const Exchanges&) = delete;

    // Each ticket comes back in take_finished() once.
    Ticket begin(Request request, Target target, Time now);
    // A datagram that came from `from` to one of our source ports. Error::unexpected_answer if it belongs to
    // no packet in flight; other errors as of read_answer() and decode().
    error_code receive(Bytes datagram, const boost::asio::ip::udp::endpoint& from, std::size_t source,
                       Time now);
    // Does what is due; to be called after each of the above, and at next_wake_up().
    void advance(Moment now);
    // Ends all requests, and those that begin later.
    void stop();

    std::vector<Transmission> take_transmissions() { return std::exchange(transmissions_, {}); }
    std::vector<Finished> take_finished() { return std::exchange(finished_, {}); }
    std::optional<Time> next_wake_up() const;

    // How many requests may be in flight to a NAS, as it answers so far.
    std::size_t in_flight_limit(const boost::asio::ip::udp::endpoint& nas) const;
    std::size_t requests() const { return exchanges_.size(); }
    std::size_t nases() const { return nases_.size(); }

private:
    using Endpoint = boost::asio::ip::udp::endpoint;

    struct Nas {
        IdentifierPool identifiers;
        std::size_t in_flight_limit{};
        std::deque<Ticket> waiting{};
        std::map<RequestId, Ticket> in_flight{};
        bool has_turn = false;          // is in turns_
        std::optional<Time> wake_up{};  // is in wake_ups_
    };
    struct Exchange {
        Request request;
        Target target;
        Course course;
        Time due{};  // of the end of waiting, or of the next transmission
        // Of a packet in flight.
        std::optional<Retransmission> retransmission;
        RequestId id{};
        std::vector<std::uint8_t> bytes;
    };
    using Nases = std::map<Endpoint, Nas>;

    Nas& nas_at(const Endpoint& endpoint);
    std::vector<std::uint8_t> random_identifiers();
    Nas& nas_of(const Exchange& exchange) { return nases_.at(exchange.target.nas); }
    void wait_at(Ticket ticket, Exchange& exchange, Time due);
    void act_on(Ticket ticket, Moment now);
    void give_turns(Moment now);
    void transmit(Ticket ticket, Exchange& exchange, Nas& nas, Moment now);
    void put_out(const Exchange& exchange, bool is_repeat);
    void conclude(Ticket ticket, Exchange& exchange, const std::optional<Answer>& answer, Time now);
    void finish(Ticket ticket, const Outcome& outcome);
    void settle(const Endpoint& endpoint, Time now);
    void wake(const Endpoint& endpoint, Time now);
    // From when on the rate allows another new packet.
    Time may_send_at() const { return send_slot_ - limits_.send_interval * limits_.send_burst_max; }

    Limits limits_;
    Retransmission::Random random_;
    Digests digests_;
    Ticket last_ticket_ = 0;
    bool is_stopped_ = false;

    std::unordered_map<Ticket, Exchange> exchanges_;
    Nases nases_;  // those with requests, or with Identifiers that rest
    // Of NASes that were forgotten. strongSwan answers a request with its last answer whenever the
    // Identifiers are the same, however long ago that was, so the one after a rest must not be the one before
    // it.
    std::map<Endpoint, std::vector<std::uint8_t>> next_identifiers_;
    std::set<std::pair<Time, Ticket>> due_;
    std::set<std::pair<Time, Endpoint>> wake_ups_;
    std::deque<Endpoint> turns_;  // NASes that have something to send and may
    Time send_slot_{};            // of the last new packet, had they kept their distance

    std::vector<Transmission> transmissions_;
    std::vector<Finished> finished_;
};

}  // namespace hourglass::radius::dynamic_authorization

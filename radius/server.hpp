// The RADIUS side of one worker: its UDP sockets, reply cache and request handlers, on one event loop.
// Workers share nothing mutable; the kernel spreads NASes over them by SO_REUSEPORT.
#pragma once

#include "radius/clients.hpp"
#include "radius/counters.hpp"
#include "store/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <functional>

namespace hourglass::store {
struct Store;
}

namespace hourglass::radius {

// What a worker follows; swapped whole on reload.
struct Policy {
    std::chrono::milliseconds reject_delay{1000};
    std::chrono::seconds interim_interval{300};
};

// What `auto` has learned of a source address. Learned once a NAS, shared by way of the daemon.
enum class Learned : std::uint8_t { sends_message_authenticator, is_no_proxy };

struct LearnedFact {
    boost::asio::ip::address source;
    Learned what{};
};

struct Snapshot {
    Clients clients;
    Policy policy;
    std::vector<LearnedFact> learned;
};

class Server {
public:
    struct Sockets {
        std::vector<boost::asio::ip::udp::endpoint> auth;
        std::vector<boost::asio::ip::udp::endpoint> acct;
    };

    // Opens and binds; throws boost::system::system_error whose what() names the endpoint. `on_learned` is
    // called on the worker's loop when `auto` has seen something new.
    Server(boost::asio::io_context& loop, store::Store& store, const Sockets& sockets,
           std::shared_ptr<const Snapshot> snapshot, std::function<void(LearnedFact)> on_learned, Log& log);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    // Takes no more requests; those in hand are finished. `on_drained` is called when none is left.
    void drain(std::function<void()> on_drained);
    // On the worker's loop only.
    void replace(std::shared_ptr<const Snapshot> snapshot);

    const Counters& counters() const;  // may be read from any thread

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace hourglass::radius

// The RADIUS side of one worker: its UDP sockets, reply cache and request handlers, on one event loop.
// Workers share nothing mutable; the kernel spreads NASes over them by SO_REUSEPORT.
#pragma once

#include "radius/counters.hpp"
#include "radius/sightings.hpp"
#include "radius/snapshot.hpp"
#include "radius/trace.hpp"
#include "radius/udp_socket.hpp"
#include "store/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace hourglass::store {
class Journal;
struct Store;
}  // namespace hourglass::store

namespace hourglass::radius {

class Server {
public:
    struct Sockets {
        std::vector<boost::asio::ip::udp::endpoint> auth;
        std::vector<boost::asio::ip::udp::endpoint> acct;
        FindBound find_bound{};  // asked for each before it is opened
    };

    // Opens and binds; throws boost::system::system_error whose what() names the endpoint, and
    // std::runtime_error with a sentence when OpenSSL lacks what MS-CHAP needs. `on_learned` is
    // called on the worker's loop when `auto` has seen something new.
    // `journal` may be null: then usage waits at the NAS for Redis. So may `trace`.
    Server(boost::asio::io_context& loop, store::Store& store, store::Journal* journal,
           const Sockets& sockets, std::shared_ptr<const Snapshot> snapshot,
           std::function<void(LearnedFact)> on_learned, Log& log, Trace* trace = nullptr);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    // Reads the accounting sockets only: while there is no store, usage may go to the journal, and logins
    // wait in theirs.
    void start_accounting();
    // Takes no more requests; those in hand are finished. `on_drained` is called when none is left.
    void drain(std::function<void()> on_drained);
    // On the worker's loop only.
    void replace(std::shared_ptr<const Snapshot> snapshot);
    // What NASes and strangers sent since the last call. On the worker's loop only.
    std::vector<SourceSighting> take_sightings(std::chrono::sys_seconds now);

    // Shows in counters() how full the worker is. On the worker's loop only.
    void note_state();

    const Counters& counters() const;  // may be read from any thread
    Sockets endpoints() const;         // as bound, where port 0 was asked for
    // Of all its sockets, in the order of the endpoints.
    std::vector<int> descriptors() const;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace hourglass::radius

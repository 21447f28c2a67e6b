// Sends Disconnect- and CoA-Requests for the whole daemon, on one event loop, so that all Identifiers towards
// a NAS are kept in one place: from one socket a family, and from further ones when so many sessions of one
// NAS end together that it has not Identifiers enough. What is sent when is decided by Exchanges.
#pragma once

#include "radius/counters.hpp"
#include "radius/dynamic_authorization_exchanges.hpp"
#include "radius/snapshot.hpp"
#include "radius/trace.hpp"
#include "store/log.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace hourglass::radius::dynamic_authorization {

class Sender {
public:
    // `sources`: where requests are sent from, one endpoint a family at most. A NAS answers only to an
    // address that it has been told of; most of them do not mind the port, and one of the kernel's choice (0)
    // is another after each start, so that no NAS takes a new request for a repeat of an old one. Where a
    // port is named there is only that one. Opens and binds; throws boost::system::system_error whose what()
    // names the endpoint.
    Sender(boost::asio::io_context& loop, const std::vector<boost::asio::ip::udp::endpoint>& sources,
           std::shared_ptr<const Snapshot> snapshot, Log& log, const Limits& limits = {},
           Trace* trace = nullptr);
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    // The secret and the port are those of the client entry that covers `request.nas`. May be awaited on any
    // event loop, from start() until the sender's own loop ends; it takes half a minute and more when the NAS
    // is silent.
    awaitable<Outcome> send(Request request);

    // The rest on the sender's loop only.
    void start();
    // Every request that has no outcome yet ends as shutting_down.
    void stop();
    void replace(std::shared_ptr<const Snapshot> snapshot);

    // How many requests may be in flight to a NAS, as it answers so far.
    std::size_t in_flight_limit(const boost::asio::ip::address& nas) const;

    const Counters& counters() const;                               // may be read from any thread
    std::vector<boost::asio::ip::udp::endpoint> endpoints() const;  // as bound, where port 0 was asked for

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace hourglass::radius::dynamic_authorization

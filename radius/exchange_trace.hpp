// Disconnect- and CoA-Requests for those who watch: each as it is sent, and again with its answer. An answer
// names neither user nor session, so what was asked is kept meanwhile.
#pragma once

#include "radius/dynamic_authorization_exchanges.hpp"
#include "radius/trace.hpp"

#include <map>
#include <tuple>

namespace hourglass::radius {

class ExchangeTrace {
public:
    static constexpr std::size_t requests_kept_max = 1024;

    // `trace` may be null, and outlives this.
    explicit ExchangeTrace(Trace* trace) : trace_(trace) {}

    void note_request(const dynamic_authorization::Exchanges::Transmission& request,
                      const std::shared_ptr<const Snapshot>& snapshot);
    // To one of our source ports.
    void note_answer(Bytes answer, const boost::asio::ip::udp::endpoint& nas, std::size_t source,
                     const std::shared_ptr<const Snapshot>& snapshot);

private:
    using Key =
        std::tuple<boost::asio::ip::udp::endpoint, std::size_t, std::uint8_t>;  // source port, Identifier

    Trace* trace_;
    std::map<Key, TracedPacket> requests_;
};

}  // namespace hourglass::radius

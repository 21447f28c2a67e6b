// Disconnect- and CoA-Requests for those who watch: each as it is sent, and again with its answer. An answer
// names neither user nor session, so what was asked is kept meanwhile.
#pragma once

#include "radius/trace.hpp"

#include <map>

namespace hourglass::radius {

class ExchangeTrace {
public:
    static constexpr std::size_t requests_kept_max = 1024;

    // `trace` may be null, and outlives this.
    explicit ExchangeTrace(Trace* trace) : trace_(trace) {}

    void note_request(Bytes request, const boost::asio::ip::udp::endpoint& nas,
                      const std::shared_ptr<const Snapshot>& snapshot);
    void note_answer(Bytes answer, const boost::asio::ip::udp::endpoint& nas,
                     const std::shared_ptr<const Snapshot>& snapshot);

private:
    using Key = std::pair<boost::asio::ip::udp::endpoint, std::uint8_t>;  // the Identifier

    Trace* trace_;
    std::map<Key, TracedPacket> requests_;
};

}  // namespace hourglass::radius

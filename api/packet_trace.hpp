// Watching what the daemon receives and answers, as the API knows it: texts that arrive. The daemon, which
// knows RADIUS, hands in how to begin.
#pragma once

#include "api/explanation.hpp"

#include <memory>

namespace hourglass::api {

struct TraceQuestion {
    std::optional<std::string> user;  // User-Name, exact
    std::optional<std::string> nas;   // a client's name, or an address
};

// While it lives, packets are kept for it, up to a limit.
class PacketTrace {
public:
    virtual ~PacketTrace() = default;

    struct News {
        std::vector<std::string> packets;  // JSON, one line each
        std::uint64_t left_out{};          // after those, for want of room
    };
    virtual News take() = 0;
};

using TraceAnswer = boost::system::result<std::unique_ptr<PacketTrace>, QuestionMistake>;
// A null pointer: as many watch as may.
using OpenTrace = std::function<TraceAnswer(const TraceQuestion& question)>;

}  // namespace hourglass::api

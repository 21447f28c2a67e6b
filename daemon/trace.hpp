// Lets the API watch the workers' packets: filters by the names of NASes, and packets as JSON.
#pragma once

#include "api/packet_trace.hpp"
#include "radius/trace.hpp"

namespace hourglass::daemon {

// `trace` outlives what is opened.
api::OpenTrace make_open_trace(std::shared_ptr<const radius::Snapshot> snapshot, radius::Trace& trace);

// One JSON object on one line, with every field of docs/api.md, null where there is none.
std::string to_json(const radius::TracedPacket& traced);

}  // namespace hourglass::daemon

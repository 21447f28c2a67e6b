// The part of /metrics that RADIUS workers count: each for itself, told as sums.
#pragma once

#include "daemon/exposition.hpp"
#include "daemon/nas_traffic.hpp"
#include "radius/counters.hpp"

#include <vector>

namespace hourglass::daemon {

void write_radius(Exposition& text, const std::vector<const radius::Counters*>& workers);
void write_nas_traffic(Exposition& text, const NasTraffic::Reading& traffic);

}  // namespace hourglass::daemon

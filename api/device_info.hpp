// The devices of a user, as his sessions show them: one for each Calling-Station-Id.
#pragma once

#include "api/json.hpp"
#include "store/ledger.hpp"

#include <span>

namespace hourglass::api {

// {"assigned_devices": [...], "device_count": n}. `sessions` newest first; the device last seen leads.
json show_devices(std::span<const store::Session> sessions);

}  // namespace hourglass::api

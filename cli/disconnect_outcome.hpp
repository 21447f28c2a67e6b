// What a NAS said to a Disconnect-Request, in words.
#pragma once

#include "cli/json.hpp"

#include <string>

namespace hourglass::cli {

// Of a session as the API shows it: whether nothing is known yet.
bool is_disconnect_pending(const Json& session);
// Whether the NAS has promised the end, or the session is over.
bool is_disconnect_good(const Json& session);
// "acknowledged (Disconnect-ACK): the NAS will end it"
std::string disconnect_outcome(const Json& session);

}  // namespace hourglass::cli

// hourglassd --restore: a backup, decrypted by `hourglass restore`, into an empty store, whichever Redis that
// is in. A redis-server of its own reads what the backup holds, every key is copied from there, and the audit
// goes over all of it. Ended at any moment it begins anew; until it is done no daemon serves the store.
#pragma once

#include "daemon/settings.hpp"
#include "store/log.hpp"

#include <string>

namespace hourglass::daemon {

// Reads the backup from a descriptor. What was done, as a sentence. Throws std::runtime_error with a sentence
// for the operator: a daemon is running, the store is not empty, the backup is damaged, or the audit finds
// something. Run by root, it does all this as the owner of the state directory.
std::string restore(const Configuration& configuration, int backup, Log& log);

}  // namespace hourglass::daemon

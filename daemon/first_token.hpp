// The first administrator's token: made once on an empty store, left in <state_dir>/admin.token (mode 0600).
#pragma once

#include "store/store.hpp"

#include <filesystem>

namespace hourglass::daemon {

inline constexpr const char* first_token_file = "admin.token";

// Throws std::runtime_error with a sentence if Redis or the file fails: without the token nobody could manage
// the daemon.
awaitable<void> leave_first_token(store::Store& store, std::filesystem::path state_directory, Log& log);

}  // namespace hourglass::daemon

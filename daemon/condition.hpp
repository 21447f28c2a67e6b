// What an operator would look at by hand on the daemon's machine, for /status/.
#pragma once

#include "api/condition.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace hourglass::daemon {

// What hourglassd --check would say of the settings file as it is now; empty: it is good.
std::string find_mistake(const std::string& settings_file, bool must_exist);

// How full the file system is that this directory is on; nullopt if nobody can tell.
std::optional<api::Disk> measure_disk(const std::filesystem::path& directory);

}  // namespace hourglass::daemon

// What systemd is told, by sd_notify(3), and what it keeps for the process that comes after us. Without
// systemd all of it does nothing.
#pragma once

#include "daemon/state_directory.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::daemon::service_manager {

void ready(const std::string& status);
void status(const std::string& status);
void reloading();
void stopping();
void is_alive();
// How often it wants to hear is_alive() at the least; nullopt: it does not watch.
std::optional<std::chrono::microseconds> watchdog_limit();

struct Kept {
    File file;
    std::string name;
};
// What earlier processes of this service gave it to keep. It is ours and kept on; to be asked once, before
// there are threads.
std::vector<Kept> take_kept();
// `name`: printable ASCII without colons.
void keep(int descriptor, const std::string& name);
// Returns when all that was kept under one of these names is closed there, or at a limit.
void forget(const std::vector<std::string>& names);

}  // namespace hourglass::daemon::service_manager

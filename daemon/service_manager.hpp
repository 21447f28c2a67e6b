// What systemd is told, by sd_notify(3). Without systemd all of it does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace hourglass::daemon::service_manager {

void ready(const std::string& status);
void status(const std::string& status);
void reloading();
void stopping();
void is_alive();
// How often it wants to hear is_alive() at the least; nullopt: it does not watch.
std::optional<std::chrono::microseconds> watchdog_limit();

}  // namespace hourglass::daemon::service_manager

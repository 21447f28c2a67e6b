#include "daemon/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace hourglass::daemon::service_manager {

void ready(const std::string& status) {
    sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void status(const std::string& status) {
    sd_notify(0, ("STATUS=" + status).c_str());
}

void reloading() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();  // CLOCK_MONOTONIC
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds)).c_str());
}

void stopping() {
    sd_notify(0, "STOPPING=1\nSTATUS=Finishing what is in hand");
}

void is_alive() {
    sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_limit() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds(microseconds);
}

}  // namespace hourglass::daemon::service_manager

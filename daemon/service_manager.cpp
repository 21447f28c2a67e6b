#include "daemon/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

namespace hourglass::daemon::service_manager {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::microseconds forget_limit = 5s;

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

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

std::vector<Kept> take_kept() {
    char** texts = nullptr;
    const int count = sd_listen_fds_with_names(1, &texts);
    if (count <= 0) return {};
    const std::unique_ptr<char*, Free> list(texts);
    std::vector<Kept> kept;
    int descriptor = SD_LISTEN_FDS_START;
    for (char* const text : std::span(texts, static_cast<std::size_t>(count))) {
        const std::unique_ptr<char, Free> name(text);
        kept.push_back({File(descriptor++), name.get()});
    }
    return kept;
}

// FDPOLL=0: an error that a socket reports must not end its keeping.
void keep(int descriptor, const std::string& name) {
    sd_pid_notify_with_fds(0, 0, ("FDSTORE=1\nFDPOLL=0\nFDNAME=" + name).c_str(), &descriptor, 1);
}

void forget(const std::vector<std::string>& names) {
    for (const auto& name : names)
        sd_notify(0, ("FDSTOREREMOVE=1\nFDNAME=" + name).c_str());
    if (!names.empty()) sd_notify_barrier(0, static_cast<std::uint64_t>(forget_limit.count()));
}

}  // namespace hourglass::daemon::service_manager

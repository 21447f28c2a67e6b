// What the stories need of systemd, in small: it hears sd_notify(3), keeps the descriptors that it is given,
// and hands them to the next process (sd_listen_fds(3)).
#pragma once

#include "tests/integration/process.hpp"
#include "tests/integration/temporary_directory.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hourglass::test {

class ServiceManager {
public:
    using Clock = std::chrono::steady_clock;

    // `watchdog`: what the service is told of how often it must give a sign of life; nobody sees to it here.
    explicit ServiceManager(std::optional<std::chrono::microseconds> watchdog = std::nullopt);
    ~ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    // The command line, and what the process must inherit, to start `command` as the service.
    static Arguments supervised(const Arguments& command);
    Inheritance inheritance() const;

    std::size_t kept() const;
    std::string status() const;
    bool is_ready() const;  // READY=1 came after the last STOPPING=1
    // How long ago WATCHDOG=1 came, or since the manager began.
    Clock::duration silence() const;

private:
    struct Kept {
        std::string name;
        int descriptor{};
    };

    void listen(const std::stop_token& stop);
    void take_message();
    void take(std::string_view text, std::vector<int> descriptors);
    void keep(const std::string& name, int descriptor);
    void forget(const std::string& name);

    TemporaryDirectory directory_;
    std::optional<std::chrono::microseconds> watchdog_;
    int socket_;
    mutable std::mutex mutex_;
    std::vector<Kept> kept_;
    std::string status_;
    bool is_ready_ = false;
    Clock::time_point last_sign_of_life_ = Clock::now();
    std::jthread listener_;
};

}  // namespace hourglass::test

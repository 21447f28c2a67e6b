// hourglassd as the stories meet it: the real program with its embedded Redis, on free ports of loopback,
// with its state in a directory of its own. NAS 127.0.0.1 and ::1 have the secret testing123.
#pragma once

#include "tests/integration/process.hpp"
#include "tests/integration/service_manager.hpp"
#include "tests/integration/temporary_directory.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hourglass::test {

inline constexpr auto nas_secret = "testing123";
inline constexpr std::chrono::seconds start_time_limit{60};
inline constexpr std::chrono::seconds stop_time_limit{5};  // what the daemon promises

struct Ports {
    std::uint16_t auth{};
    std::uint16_t acct{};  // auth + 1, as pam_radius wants it
    std::uint16_t api{};
};
Ports free_ports();

struct DaemonSettings {
    int reject_delay_ms = 0;
    int workers = 2;
    bool on_all_addresses = false;  // RADIUS on 0.0.0.0 and [::], not on loopback alone
    std::string radius{};           // more lines for [radius]
    std::string api{};              // more lines for [api]
    std::string client_flags{};     // more lines for the two clients
    std::string more{};             // more tables, such as another [[radius.client]]
    std::string tls_certificate{};  // with tls_key: the API is served by https
    std::string tls_key{};
};

class Daemon {
public:
    // Starts it and waits until it is ready; throws with what it logged if it does not get there.
    // `manager` outlives it.
    explicit Daemon(const DaemonSettings& settings = {}, ServiceManager* manager = nullptr);
    // Ends it, and sees to it that no redis-server is left, and in the log no secret.
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    // Both forget the process; start() gives the state to a new one.
    std::optional<int> stop();  // SIGTERM: the exit status, nullopt if it took longer than promised
    void kill();                // SIGKILL
    void start();
    void launch();  // does not wait until it is ready
    void send(int signal) const { process_->send(signal); }
    void wait_until_ready();  // throws with what it logged if it does not get there

    void change_settings(const DaemonSettings& settings);
    // Starts anew as another daemon on the Redis and with the secrets of `host`.
    void share_redis_of(const Daemon& host);
    std::filesystem::path settings_file() const { return directory_ / "hourglass.toml"; }

    const Ports& ports() const { return ports_; }
    std::string api_url() const { return scheme_ + "://127.0.0.1:" + std::to_string(ports_.api); }
    std::filesystem::path token_file() const { return directory_ / "state/admin.token"; }
    std::string token() const;
    std::string log() const { return read_file(directory_ / "log"); }
    pid_t pid() const { return process_->pid(); }
    pid_t redis_pid() const;

private:
    std::filesystem::path state_directory() const { return directory_ / "state"; }

    TemporaryDirectory directory_;
    Ports ports_ = free_ports();
    std::string scheme_ = "http";
    ServiceManager* manager_;
    std::optional<BackgroundProcess> process_;
};

// False if `pid` still runs at the end of the time limit.
bool ends_within(pid_t pid, std::chrono::seconds time_limit);

}  // namespace hourglass::test

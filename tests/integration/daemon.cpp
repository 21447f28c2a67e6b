#include "tests/integration/daemon.hpp"

#include "tests/integration/secrets.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <netinet/in.h>
#include <signal.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace hourglass::test {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds poll_interval{20};

// Binds a socket of this type to a port of loopback (0: any) and says which it is; 0 if it is taken.
std::uint16_t try_port(int type, std::uint16_t port) {
    const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    const bool is_bound = bind(fd, name, length) == 0 && getsockname(fd, name, &length) == 0;
    close(fd);
    return is_bound ? ntohs(address.sin_port) : 0;
}

std::string settings_text(const DaemonSettings& settings, const Ports& ports, const std::string& state_dir) {
    const auto both = [&](std::uint16_t port) {
        const auto number = std::to_string(port);
        return settings.on_all_addresses ? "[\"0.0.0.0:" + number + "\", \"[::]:" + number + "\"]\n"
                                         : "[\"127.0.0.1:" + number + "\", \"[::1]:" + number + "\"]\n";
    };
    const auto client = [&](const std::string& name, const std::string& address) {
        return "[[radius.client]]\nname = \"" + name + "\"\naddress = \"" + address + "\"\nsecret = \"" +
               nas_secret + "\"\n" + settings.client_flags + "\n";
    };
    const auto tls = settings.tls_certificate.empty() ? std::string()
                                                      : "tls_certificate = \"" + settings.tls_certificate +
                                                            "\"\ntls_key = \"" + settings.tls_key + "\"\n";
    return "[daemon]\nstate_dir = \"" + state_dir + "\"\nworkers = " + std::to_string(settings.workers) +
           "\nlog_level = \"debug\"\n" + "[radius]\nauth = " + both(ports.auth) +
           "acct = " + both(ports.acct) +                                                                 //
           "reject_delay_ms = " + std::to_string(settings.reject_delay_ms) + "\n" + settings.radius +     //
           "[api]\nlisten = [\"127.0.0.1:" + std::to_string(ports.api) + "\"]\n" + settings.api + "\n" +  //
           tls + client("lab", "127.0.0.1") + client("lab6", "::1") + settings.more;
}

bool is_ready(const std::string& url) {
    const auto answer = run(
        {"curl", "-s", "-k", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "2", url + "/readyz"});
    return answer.output == "200";
}

}  // namespace

Ports free_ports() {
    while (true) {
        const auto auth = try_port(SOCK_DGRAM, 0);
        if (auth == 0 || auth == UINT16_MAX) continue;
        const auto acct = static_cast<std::uint16_t>(auth + 1);
        if (try_port(SOCK_DGRAM, acct) == acct)
            return {.auth = auth, .acct = acct, .api = try_port(SOCK_STREAM, 0)};
    }
}

bool ends_within(pid_t pid, std::chrono::seconds time_limit) {
    const auto deadline = Clock::now() + time_limit;
    while (is_running(pid)) {
        if (Clock::now() >= deadline) return false;
        std::this_thread::sleep_for(poll_interval);
    }
    return true;
}

Daemon::Daemon(const DaemonSettings& settings, ServiceManager* manager) : manager_(manager) {
    change_settings(settings);
    start();
}

Daemon::~Daemon() {
    note_secret(token());
    if (process_) {
        const auto redis = redis_pid();
        process_->send(SIGTERM);
        process_->wait(stop_time_limit);
        process_.reset();
        if (redis > 0 && !ends_within(redis, stop_time_limit)) ::kill(redis, SIGKILL);
    }
    for (const auto& line : lines_with_secrets(log()))
        BOOST_ERROR("a secret is in the log: " + line);
}

void Daemon::change_settings(const DaemonSettings& settings) {
    scheme_ = settings.tls_certificate.empty() ? "http" : "https";
    const auto text = settings_text(settings, ports_, directory_ / "state");
    note_secrets_of_settings(text);
    std::ofstream(settings_file()) << text;
}

void Daemon::share_redis_of(const Daemon& host) {
    stop();
    std::filesystem::copy_file(host.state_directory() / "secret.key", state_directory() / "secret.key",
                               std::filesystem::copy_options::overwrite_existing);
    const auto socket = (host.state_directory() / "redis/redis.sock").string();
    change_settings({.more = "[store]\nredis = \"unix://" + socket + "\"\n"});
    start();
}

void Daemon::start() {
    launch();
    wait_until_ready();
}

void Daemon::launch() {
    const Arguments command{HOURGLASSD, "--config", settings_file()};
    if (manager_ == nullptr)
        process_.emplace(command, directory_ / "log");
    else
        process_.emplace(manager_->supervised(command), directory_ / "log", manager_->inheritance());
}

void Daemon::wait_until_ready() {
    const auto deadline = Clock::now() + start_time_limit;
    while (Clock::now() < deadline && !process_->wait(std::chrono::milliseconds(0))) {
        if (is_ready(api_url())) return;
        std::this_thread::sleep_for(poll_interval);
    }
    throw std::runtime_error("hourglassd did not get ready; it said:\n" + log());
}

std::optional<int> Daemon::stop() {
    process_->send(SIGTERM);
    const auto status = process_->wait(stop_time_limit);
    process_.reset();
    return status;
}

void Daemon::kill() {
    process_->send(SIGKILL);
    process_->wait(stop_time_limit);
    process_.reset();
}

std::string Daemon::token() const {
    auto token = read_file(token_file());
    while (!token.empty() && token.back() == '\n')
        token.pop_back();
    return token;
}

pid_t Daemon::redis_pid() const {
    for (const auto child : children_of(process_->pid())) {
        if (read_file("/proc/" + std::to_string(child) + "/comm").starts_with("redis")) return child;
    }
    return 0;
}

}  // namespace hourglass::test

#include "tests/integration/service_manager.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace hourglass::test {

namespace {

constexpr std::size_t message_octets_max = 4096;
constexpr std::size_t descriptors_max = 16;  // in one message
constexpr int descriptor_min = 1000;         // out of the way of those that a service inherits
constexpr timeval stop_poll_interval{.tv_sec = 0, .tv_usec = 50'000};

int bind_to(const std::string& path) {
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, sizeof name.sun_path - 1);
    if (bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0)
        throw std::system_error(errno, std::system_category(), path);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &stop_poll_interval, sizeof stop_poll_interval);
    return fd;
}

ino_t number_of(int descriptor) {
    struct stat status{};
    fstat(descriptor, &status);
    return status.st_ino;
}

std::vector<int> descriptors_in(msghdr& message) {
    std::vector<int> descriptors;
    for (auto* control = CMSG_FIRSTHDR(&message); control; control = CMSG_NXTHDR(&message, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) continue;
        descriptors.resize((control->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(descriptors.data(), CMSG_DATA(control), descriptors.size() * sizeof(int));
    }
    return descriptors;
}

std::map<std::string, std::string> variables_in(const std::string& text) {
    std::map<std::string, std::string> variables;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals != std::string::npos) variables[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return variables;
}

}  // namespace

ServiceManager::ServiceManager(std::optional<std::chrono::microseconds> watchdog)
    : watchdog_(watchdog),
      socket_(bind_to(directory_ / "notify")),
      listener_([this](const std::stop_token& stop) { listen(stop); }) {}

ServiceManager::~ServiceManager() {
    listener_.request_stop();
    listener_.join();
    close(socket_);
    for (const auto& kept : kept_)
        close(kept.descriptor);
}

// LISTEN_PID is the pid of who looks at it, which nobody knows before.
Arguments ServiceManager::supervised(const Arguments& command) {
    Arguments all{"sh", "-c", "LISTEN_PID=$$ exec \"$0\" \"$@\""};
    all.insert(all.end(), command.begin(), command.end());
    return all;
}

Inheritance ServiceManager::inheritance() const {
    const std::scoped_lock lock(mutex_);
    Inheritance inheritance;
    std::string names;
    for (const auto& kept : kept_) {
        inheritance.descriptors.push_back(kept.descriptor);
        names += (names.empty() ? "" : ":") + kept.name;
    }
    inheritance.environment = {"NOTIFY_SOCKET=" + (directory_ / "notify").string(),
                               "LISTEN_FDS=" + std::to_string(kept_.size()), "LISTEN_FDNAMES=" + names};
    if (watchdog_) inheritance.environment.push_back("WATCHDOG_USEC=" + std::to_string(watchdog_->count()));
    return inheritance;
}

std::size_t ServiceManager::kept() const {
    const std::scoped_lock lock(mutex_);
    return kept_.size();
}

std::string ServiceManager::status() const {
    const std::scoped_lock lock(mutex_);
    return status_;
}

bool ServiceManager::is_ready() const {
    const std::scoped_lock lock(mutex_);
    return is_ready_;
}

ServiceManager::Clock::duration ServiceManager::silence() const {
    const std::scoped_lock lock(mutex_);
    return Clock::now() - last_sign_of_life_;
}

void ServiceManager::listen(const std::stop_token& stop) {
    while (!stop.stop_requested())
        take_message();
}

void ServiceManager::take_message() {
    std::array<char, message_octets_max> text{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(descriptors_max * sizeof(int))> control{};
    iovec vector{.iov_base = text.data(), .iov_len = text.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto size = recvmsg(socket_, &message, MSG_CMSG_CLOEXEC);
    if (size > 0) take({text.data(), static_cast<std::size_t>(size)}, descriptors_in(message));
}

// Descriptors that are not to be kept are closed, which is what BARRIER=1 waits for.
void ServiceManager::take(std::string_view text, std::vector<int> descriptors) {
    const std::scoped_lock lock(mutex_);
    const auto said = variables_in(std::string(text));
    const auto name = said.contains("FDNAME") ? said.at("FDNAME") : "stored";
    if (said.contains("FDSTORE")) {
        for (const int descriptor : descriptors)
            keep(name, descriptor);
    }
    if (said.contains("FDSTOREREMOVE")) forget(name);
    if (said.contains("WATCHDOG")) last_sign_of_life_ = Clock::now();
    if (said.contains("READY")) is_ready_ = true;
    if (said.contains("STOPPING")) is_ready_ = false;
    if (said.contains("STATUS")) status_ = said.at("STATUS");
    for (const int descriptor : descriptors)
        close(descriptor);
}

void ServiceManager::keep(const std::string& name, int descriptor) {
    const bool is_known = std::ranges::any_of(
        kept_, [&](const Kept& kept) { return number_of(kept.descriptor) == number_of(descriptor); });
    if (!is_known) kept_.push_back({name, fcntl(descriptor, F_DUPFD_CLOEXEC, descriptor_min)});
}

void ServiceManager::forget(const std::string& name) {
    for (const auto& kept : kept_)
        if (kept.name == name) close(kept.descriptor);
    std::erase_if(kept_, [&](const Kept& kept) { return kept.name == name; });
}

}  // namespace hourglass::test

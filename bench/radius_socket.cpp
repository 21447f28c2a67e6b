#include "bench/radius_socket.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::bench {

namespace {

constexpr int socket_buffer_octets = 1 << 20;

// The time in the control message that SO_TIMESTAMPNS asks for (socket(7)).
std::chrono::nanoseconds timestamp_of(msghdr& message) {
    for (auto* control = CMSG_FIRSTHDR(&message); control; control = CMSG_NXTHDR(&message, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(control), sizeof time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
    return {};
}

}  // namespace

RadiusSocket::RadiusSocket(std::uint16_t port, const std::string& source)
    : handle_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    inet_pton(AF_INET, source.c_str(), &from.sin_addr);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(handle_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    setsockopt(handle_, SOL_SOCKET, SO_RCVBUF, &socket_buffer_octets, sizeof socket_buffer_octets);
    if (bind(handle_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
        connect(handle_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
        const int error = errno;
        close(handle_);
        throw std::system_error(error, std::system_category(), "a NAS at " + source);
    }
}

RadiusSocket::~RadiusSocket() {
    close(handle_);
}

void RadiusSocket::send(nas::View packet) const {
    static_cast<void>(::send(handle_, packet.data(), packet.size(), 0));
}

std::optional<nas::Octets> RadiusSocket::receive(std::chrono::nanoseconds time_limit) {
    const auto left = std::max(time_limit, std::chrono::nanoseconds::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
    pollfd ready{.fd = handle_, .events = POLLIN, .revents = 0};
    if (ppoll(&ready, 1, &limit, nullptr) <= 0) return std::nullopt;

    nas::Octets packet(nas::packet_octets_max);
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
    iovec part{.iov_base = packet.data(), .iov_len = packet.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto octets = recvmsg(handle_, &message, MSG_DONTWAIT);
    if (octets < 0) return std::nullopt;
    arrived_at_ = timestamp_of(message);
    packet.resize(static_cast<std::size_t>(octets));
    return packet;
}

}  // namespace hourglass::bench

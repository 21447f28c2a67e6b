// A UDP socket of a NAS, connected to a port of the daemon on 127.0.0.1, which says when the kernel took an
// answer.
#pragma once

#include "nas/packet.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hourglass::bench {

class RadiusSocket {
public:
    // Throws std::system_error. `source` is the address to send from.
    explicit RadiusSocket(std::uint16_t port, const std::string& source = "127.0.0.1");
    ~RadiusSocket();
    RadiusSocket(const RadiusSocket&) = delete;
    RadiusSocket& operator=(const RadiusSocket&) = delete;

    int handle() const { return handle_; }

    // What the kernel refuses is as good as lost on the way.
    void send(nas::View packet) const;
    // nullopt: nothing came within the time limit. Sets arrived_at().
    std::optional<nas::Octets> receive(std::chrono::nanoseconds time_limit);
    // When the kernel had the last datagram, by the system clock.
    std::chrono::nanoseconds arrived_at() const { return arrived_at_; }

private:
    int handle_;
    std::chrono::nanoseconds arrived_at_{};
};

}  // namespace hourglass::bench

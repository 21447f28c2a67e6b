#include "daemon/held_sockets.hpp"

#include <algorithm>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <utility>

namespace hourglass::daemon {

namespace {

namespace ip = boost::asio::ip;

template <class Endpoint>
bool is_bound_to(int descriptor, const Endpoint& endpoint) {
    int type = 0;
    socklen_t type_octets = sizeof type;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &type_octets) != 0) return false;

    Endpoint bound;
    auto octets = static_cast<socklen_t>(bound.capacity());
    if (::getsockname(descriptor, bound.data(), &octets) != 0 || octets > bound.capacity()) return false;
    bound.resize(octets);
    return type == endpoint.protocol().type() && bound.protocol() == endpoint.protocol() && bound == endpoint;
}

// The number that the kernel has for the socket, which no other has as long as this one is open.
std::string name_of(int descriptor) {
    struct stat status {};
    ::fstat(descriptor, &status);
    return "socket-" + std::to_string(status.st_ino);
}

}  // namespace

bool HeldSockets::has(const ip::udp::endpoint& endpoint) const {
    return std::ranges::any_of(untaken_,
                               [&](const Kept& kept) { return is_bound_to(kept.file.get(), endpoint); });
}

int HeldSockets::take(const ip::udp::endpoint& endpoint) {
    return take_bound_to(endpoint);
}

int HeldSockets::take(const ip::tcp::endpoint& endpoint) {
    return take_bound_to(endpoint);
}

template <class Endpoint>
int HeldSockets::take_bound_to(const Endpoint& endpoint) {
    const auto found = std::ranges::find_if(
        untaken_, [&](const Kept& kept) { return is_bound_to(kept.file.get(), endpoint); });
    if (found == untaken_.end()) return -1;
    const int descriptor = found->file.release();
    untaken_.erase(found);
    return descriptor;
}

// What it holds already the service manager recognizes.
void HeldSockets::hold(const std::vector<int>& descriptors) {
    std::vector<std::string> unwanted;
    for (const auto& kept : std::exchange(untaken_, {}))
        unwanted.push_back(kept.name);
    service_manager::forget(unwanted);
    for (const int descriptor : descriptors)
        service_manager::keep(descriptor, name_of(descriptor));
}

}  // namespace hourglass::daemon

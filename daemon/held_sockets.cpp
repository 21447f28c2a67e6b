#include "daemon/held_sockets.hpp"

#include <algorithm>
#include <optional>
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
    struct stat status{};
    ::fstat(descriptor, &status);
    return "socket-" + std::to_string(status.st_ino);
}

using Kept = HeldSockets::Kept;

template <class Endpoint>
std::optional<Kept> take_bound_to(const Endpoint& endpoint, std::vector<Kept>& kept) {
    const auto found =
        std::ranges::find_if(kept, [&](const Kept& one) { return is_bound_to(one.file.get(), endpoint); });
    if (found == kept.end()) return std::nullopt;
    auto taken = std::move(*found);
    kept.erase(found);
    return taken;
}

template <class Endpoint>
int take_descriptor(const Endpoint& endpoint, std::vector<Kept>& kept) {
    auto taken = take_bound_to(endpoint, kept);
    return taken ? taken->file.release() : -1;
}

}  // namespace

HeldSockets::HeldSockets(std::vector<Kept> kept, const Wanted& wanted) {
    const auto choose = [&](const auto& endpoint) {
        if (auto chosen = take_bound_to(endpoint, kept)) untaken_.push_back(*std::move(chosen));
    };
    for (const auto& endpoint : wanted.udp)
        for (std::size_t i = 0; i < wanted.sockets_each; ++i)
            choose(endpoint);
    for (const auto& endpoint : wanted.tcp)
        choose(endpoint);

    std::vector<std::string> unwanted;
    for (const auto& rest : std::exchange(kept, {}))
        unwanted.push_back(rest.name);
    service_manager::forget(unwanted);
}

bool HeldSockets::has(const ip::udp::endpoint& endpoint) const {
    return std::ranges::any_of(untaken_,
                               [&](const Kept& kept) { return is_bound_to(kept.file.get(), endpoint); });
}

int HeldSockets::take(const ip::udp::endpoint& endpoint) {
    return take_descriptor(endpoint, untaken_);
}

int HeldSockets::take(const ip::tcp::endpoint& endpoint) {
    return take_descriptor(endpoint, untaken_);
}

// What the service manager keeps already it recognizes.
void HeldSockets::hold(const std::vector<int>& descriptors) {
    for (const int descriptor : descriptors)
        service_manager::keep(descriptor, name_of(descriptor));
}

}  // namespace hourglass::daemon

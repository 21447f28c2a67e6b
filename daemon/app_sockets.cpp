// Which sockets the daemon takes over from the process before it, and leaves to the one after it.
#include "daemon/addresses.hpp"
#include "daemon/app.hpp"
#include "daemon/service_manager.hpp"
#include "radius/udp_socket.hpp"

#include <algorithm>
#include <thread>

namespace hourglass::daemon {

namespace asio = boost::asio;

std::size_t App::worker_count() const {
    const auto& settings = configuration_.settings;
    if (settings.daemon_workers > 0) return static_cast<std::size_t>(settings.daemon_workers);
    return std::max(1u, std::thread::hardware_concurrency());
}

HeldSockets App::take_held_sockets() const {
    const auto& settings = configuration_.settings;
    auto radius = to_endpoints<asio::ip::udp::endpoint>(settings.radius_auth);
    const auto acct = to_endpoints<asio::ip::udp::endpoint>(settings.radius_acct);
    radius.insert(radius.end(), acct.begin(), acct.end());
    const HeldSockets::Wanted wanted{.udp = std::move(radius),
                                     .sockets_each = worker_count(),
                                     .tcp = to_endpoints<asio::ip::tcp::endpoint>(settings.api_listen)};
    return {service_manager::take_kept(), wanted};
}

void App::hold_sockets() {
    std::vector<int> descriptors;
    for_each_service([&](auto& service) {
        const auto its = service.server().descriptors();
        descriptors.insert(descriptors.end(), its.begin(), its.end());
    });
    HeldSockets::hold(descriptors);

    if (!std::ranges::all_of(workers_.front()->server().descriptors(), radius::has_wanted_buffer)) {
        const auto wanted = std::to_string(radius::UdpSocket::receive_buffer_octets);
        log_.warning(
            "net.core.rmem_max limits receive buffers: what comes during a restart under load may be lost",
            {
                {"wanted", wanted}
        });
    }
}

}  // namespace hourglass::daemon

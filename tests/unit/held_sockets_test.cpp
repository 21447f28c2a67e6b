// Which of the sockets that the process before left are taken over.
#include "daemon/held_sockets.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <unistd.h>

namespace hourglass::daemon {
namespace {

using boost::asio::ip::make_address;
using boost::asio::ip::tcp;
using boost::asio::ip::udp;

// Sockets as another process would have left them, each with its duplicate in what is handed over.
struct Handover {
    boost::asio::io_context loop;
    std::vector<udp::socket> sockets;
    std::vector<tcp::acceptor> acceptors;
    std::vector<HeldSockets::Kept> kept;

    udp::endpoint leave_udp(const udp::endpoint& endpoint) {
        udp::socket socket(loop, endpoint.protocol());
        const int on = 1;
        setsockopt(socket.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
        socket.bind(endpoint);
        kept.push_back({File(dup(socket.native_handle())), "udp-" + std::to_string(kept.size())});
        return sockets.emplace_back(std::move(socket)).local_endpoint();
    }
    tcp::endpoint leave_tcp() {
        auto& acceptor = acceptors.emplace_back(loop, tcp::endpoint(make_address("127.0.0.1"), 0));
        kept.push_back({File(dup(acceptor.native_handle())), "tcp"});
        return acceptor.local_endpoint();
    }
};

udp::endpoint any_port(const char* address) {
    return {make_address(address), 0};
}

bool is_taken(int descriptor) {
    if (descriptor >= 0) close(descriptor);
    return descriptor >= 0;
}

BOOST_AUTO_TEST_SUITE(held_sockets)

BOOST_AUTO_TEST_CASE(each_socket_of_a_wanted_address_is_taken_once) {
    Handover before;
    const auto auth = before.leave_udp(any_port("127.0.0.1"));
    before.leave_udp(auth);
    HeldSockets held(std::move(before.kept), {.udp = {auth}, .sockets_each = 2, .tcp = {}});
    BOOST_TEST(held.has(auth));
    BOOST_TEST(is_taken(held.take(auth)));
    BOOST_TEST(is_taken(held.take(auth)));
    BOOST_TEST(!is_taken(held.take(auth)));
    BOOST_TEST(!held.has(auth));
}

BOOST_AUTO_TEST_CASE(more_than_there_are_workers_are_not_taken) {
    Handover before;
    const auto auth = before.leave_udp(any_port("127.0.0.1"));
    before.leave_udp(auth);
    HeldSockets held(std::move(before.kept), {.udp = {auth}, .sockets_each = 1, .tcp = {}});
    BOOST_TEST(is_taken(held.take(auth)));
    BOOST_TEST(!is_taken(held.take(auth)));
}

BOOST_AUTO_TEST_CASE(address_port_family_and_protocol_must_match) {
    Handover before;
    const auto ipv4 = before.leave_udp(any_port("127.0.0.1"));
    const auto ipv6 = before.leave_udp(any_port("::1"));
    const auto api = before.leave_tcp();
    const HeldSockets::Wanted wanted{
        .udp = {ipv4, ipv6},
          .sockets_each = 1, .tcp = {api}
    };
    HeldSockets held(std::move(before.kept), wanted);
    BOOST_TEST(!is_taken(held.take(udp::endpoint(make_address("127.0.0.2"), ipv4.port()))));
    BOOST_TEST(!is_taken(held.take(udp::endpoint(make_address("0.0.0.0"), ipv4.port()))));
    BOOST_TEST(!is_taken(held.take(udp::endpoint(ipv6.address(), ipv4.port()))));
    BOOST_TEST(!is_taken(held.take(udp::endpoint(api.address(), api.port()))));
    BOOST_TEST(!is_taken(held.take(tcp::endpoint(ipv4.address(), ipv4.port()))));
    BOOST_TEST(is_taken(held.take(ipv4)));
    BOOST_TEST(is_taken(held.take(ipv6)));
    BOOST_TEST(is_taken(held.take(api)));
}

BOOST_AUTO_TEST_CASE(what_is_no_socket_is_not_taken_for_one) {
    std::vector<HeldSockets::Kept> kept;
    kept.push_back({File(dup(STDERR_FILENO)), "stored"});
    const udp::endpoint wildcard(make_address("0.0.0.0"), 0);
    HeldSockets held(std::move(kept), {.udp = {wildcard}, .sockets_each = 1, .tcp = {}});
    BOOST_TEST(!held.has(wildcard));
}

BOOST_AUTO_TEST_CASE(without_a_service_manager_there_are_none) {
    const udp::endpoint auth(make_address("127.0.0.1"), 1812);
    HeldSockets held(service_manager::take_kept(), {.udp = {auth}, .sockets_each = 1, .tcp = {}});
    BOOST_TEST(!held.has(auth));
    BOOST_TEST(!is_taken(held.take(auth)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::daemon

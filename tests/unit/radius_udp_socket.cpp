// The batching UDP socket, over loopback.
#include "radius/udp_socket.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using boost::asio::ip::make_address;
using boost::asio::ip::udp;
using namespace std::chrono_literals;

constexpr auto time_limit = 10s;

// Runs the loop until it has something to read.
void wait_until_readable(boost::asio::io_context& loop, UdpSocket& socket) {
    loop.restart();
    bool is_readable = false;
    boost::asio::co_spawn(loop, socket.wait_until_readable(),
                          [&](const std::exception_ptr& failure, const std::tuple<error_code>& error) {
                              is_readable = !failure && !std::get<0>(error);
                          });
    const auto deadline = std::chrono::steady_clock::now() + time_limit;
    while (!is_readable && std::chrono::steady_clock::now() < deadline)
        loop.run_one_for(100ms);
    BOOST_REQUIRE(is_readable);
}

void send(udp::socket& socket, const udp::endpoint& to, std::string_view text) {
    socket.send_to(boost::asio::buffer(text), to);
}

BOOST_AUTO_TEST_SUITE(radius_udp_socket)

BOOST_AUTO_TEST_CASE(datagrams_are_read_in_batches_and_in_order) {
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket socket(loop, {make_address("127.0.0.1"), 0}, counters);
    udp::socket nas(loop, udp::endpoint(make_address("127.0.0.1"), 0));
    const auto count = UdpSocket::batch_datagrams_max + 1;
    for (std::size_t i = 0; i < count; ++i)
        send(nas, socket.endpoint(), std::to_string(i));

    wait_until_readable(loop, socket);
    const auto batch = socket.receive();
    BOOST_REQUIRE(batch.size() == UdpSocket::batch_datagrams_max);
    BOOST_TEST(as_text(batch.front().bytes) == "0");
    BOOST_TEST(as_text(batch.back().bytes) == "63");
    BOOST_TEST((batch.front().peer == nas.local_endpoint()));
    const auto rest = socket.receive();
    BOOST_REQUIRE(rest.size() == 1U);
    BOOST_TEST(as_text(rest.front().bytes) == "64");
    BOOST_TEST(socket.receive().empty());
    BOOST_TEST(counters.received_datagrams.get() == count);
    BOOST_TEST(counters.receive_batches.get() == 2U);
}

BOOST_AUTO_TEST_CASE(a_datagram_has_the_time_at_which_the_kernel_had_it) {
    using Clock = std::chrono::system_clock;
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket socket(loop, {make_address("127.0.0.1"), 0}, counters);
    udp::socket nas(loop, udp::endpoint(make_address("127.0.0.1"), 0));
    const auto waiting_since = Clock::now();
    for (bool is_noted = false;
         !is_noted;) {  // the kernel begins to note times a moment after it was asked to
        BOOST_REQUIRE((Clock::now() - waiting_since < std::chrono::seconds(10)));
        const auto before = Clock::now();
        send(nas, socket.endpoint(), "ping");
        wait_until_readable(loop, socket);
        const auto found = Clock::now();
        while (Clock::now() == found) {
        }
        const auto batch = socket.receive();
        BOOST_REQUIRE(batch.size() == 1U);
        BOOST_TEST((before <= batch[0].received_at));
        BOOST_TEST((batch[0].received_at + batch[0].queued <= Clock::now()));
        is_noted = batch[0].received_at <= found && batch[0].queued > Clock::duration::zero();
    }
}

void expect_answer_from(const char* bound, const char* asked) {
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket socket(loop, {make_address(bound), 0}, counters);
    const udp::endpoint target(make_address(asked), socket.endpoint().port());
    udp::socket nas(loop, udp::endpoint(target.protocol(), 0));
    send(nas, target, "ping");
    wait_until_readable(loop, socket);
    const auto batch = socket.receive();
    BOOST_REQUIRE(batch.size() == 1U);
    BOOST_TEST((batch[0].local == target.address()));

    BOOST_TEST(socket.send(as_bytes("pong"), batch[0].peer, batch[0].local));
    BOOST_TEST(socket.send(as_bytes("pong again"), batch[0].peer, batch[0].local));
    BOOST_TEST(counters.sent_datagrams.get() == 0U);  // they leave at the end of the turn
    loop.restart();
    loop.poll();
    BOOST_TEST(counters.sent_datagrams.get() == 2U);
    BOOST_TEST(counters.send_batches.get() == 1U);

    std::array<char, 16> text{};
    udp::endpoint from;
    nas.non_blocking(true);
    const auto size = nas.receive_from(boost::asio::buffer(text), from);
    BOOST_TEST(std::string_view(text.data(), size) == "pong");
    BOOST_TEST((from == target));
}

BOOST_AUTO_TEST_CASE(an_answer_leaves_from_the_address_that_was_asked) {
    expect_answer_from("0.0.0.0", "127.0.0.5");
    expect_answer_from("127.0.0.6", "127.0.0.6");
    expect_answer_from("::", "::1");
}

BOOST_AUTO_TEST_CASE(waiting_for_a_start_does_not_count_as_queued_until_the_nas_has_given_up) {
    struct Row {
        const char* name;
        std::chrono::seconds received_at;
        std::chrono::seconds read_since;
        std::chrono::seconds queued;  // at 100 s
    };
    for (const auto& row : {
             Row{"while the socket was read",     97s, 50s,  3s },
             Row{"just before the start",         90s, 100s, 0s },
             Row{"before a start 1 s ago",        90s, 99s,  1s },
             Row{"as early as a NAS still waits", 70s, 100s, 0s },
             Row{"earlier",                       60s, 100s, 10s},
    }) {
        BOOST_TEST_CONTEXT(row.name) {
            const std::chrono::system_clock::time_point began;
            const auto queued = time_queued(began + row.received_at, began + row.read_since, began + 100s);
            BOOST_TEST((queued == row.queued));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_came_before_the_first_read_is_read_without_having_queued) {
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket socket(loop, {make_address("127.0.0.1"), 0}, counters);
    udp::socket nas(loop, udp::endpoint(make_address("127.0.0.1"), 0));
    send(nas, socket.endpoint(), "early");
    wait_until_readable(loop, socket);
    const auto batch = socket.receive();
    BOOST_REQUIRE(batch.size() == 1U);
    BOOST_TEST((batch[0].queued == std::chrono::system_clock::duration::zero()));
}

BOOST_AUTO_TEST_CASE(a_socket_of_the_process_before_is_read_where_it_left_off) {
    boost::asio::io_context loop;
    Counters counters;
    udp::socket before(loop, udp::endpoint(make_address("127.0.0.1"), 0));
    udp::socket nas(loop, udp::endpoint(make_address("127.0.0.1"), 0));
    const auto endpoint = before.local_endpoint();
    send(nas, endpoint, "waits");
    UdpSocket socket(loop, endpoint, counters, UdpSocket::Sharing::with_others, before.release());
    BOOST_TEST((socket.endpoint() == endpoint));
    wait_until_readable(loop, socket);
    BOOST_TEST(socket.receive().size() == 1U);
}

BOOST_AUTO_TEST_CASE(workers_share_a_port_that_another_program_may_not_hold) {
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket socket(loop, {make_address("127.0.0.1"), 0}, counters);
    UdpSocket worker(loop, socket.endpoint(), counters);
    BOOST_CHECK_EXCEPTION(require_free(socket.endpoint()), boost::system::system_error,
                          [&](const boost::system::system_error& error) {
                              const auto port = std::to_string(socket.endpoint().port());
                              return std::string(error.what()).find("127.0.0.1:" + port) != std::string::npos;
                          });
}

BOOST_AUTO_TEST_CASE(a_free_port_is_free_and_an_address_of_others_is_an_error) {
    BOOST_CHECK_NO_THROW(require_free({make_address("127.0.0.1"), 0}));
    BOOST_CHECK_THROW(require_free({make_address("192.0.2.1"), 0}), boost::system::system_error);
    boost::asio::io_context loop;
    Counters counters;
    BOOST_CHECK_THROW(UdpSocket(loop, {make_address("192.0.2.1"), 0}, counters), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(ipv4_and_ipv6_wildcards_of_one_port_stand_side_by_side) {
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket ipv6(loop, {make_address("::"), 0}, counters);
    BOOST_CHECK_NO_THROW(require_free({make_address("0.0.0.0"), ipv6.endpoint().port()}));
}

BOOST_AUTO_TEST_CASE(a_datagram_that_cannot_be_sent_does_not_hold_up_the_others) {
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket socket(loop, {make_address("127.0.0.1"), 0}, counters);
    udp::socket nas(loop, udp::endpoint(make_address("127.0.0.1"), 0));
    socket.send(as_bytes("to nowhere"), {make_address("127.0.0.1"), 0}, {});
    socket.send(as_bytes("to the NAS"), nas.local_endpoint(), {});
    loop.poll();
    BOOST_TEST(counters.send_failures.get() == 1U);
    BOOST_TEST(counters.sent_datagrams.get() == 1U);
    BOOST_TEST(nas.available() == 10U);
}

BOOST_AUTO_TEST_CASE(one_datagram_beyond_the_send_queue_is_refused) {
    boost::asio::io_context loop;
    Counters counters;
    UdpSocket socket(loop, {make_address("127.0.0.1"), 0}, counters);
    for (std::size_t i = 0; i < UdpSocket::send_queue_datagrams_max; ++i)
        BOOST_REQUIRE(socket.send(as_bytes("x"), socket.endpoint(), {}));
    BOOST_TEST(!socket.send(as_bytes("x"), socket.endpoint(), {}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

// One UDP socket of a worker. Asio only waits for readability; datagrams are read and sent in batches
// (recvmmsg, sendmmsg), since a system call for each is most of what a small server costs. Answers leave from
// the address that was asked, also when the socket is bound to all of them.
#pragma once

#include "radius/counters.hpp"
#include "radius/datagram_batches.hpp"
#include "store/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <functional>
#include <memory>
#include <span>
#include <tuple>

namespace hourglass::radius {

// Throws boost::system::system_error whose what() names the endpoint if another process holds it. To be asked
// once before the workers start: among sockets with SO_REUSEPORT the kernel would let us share it unnoticed.
void require_free(const boost::asio::ip::udp::endpoint& endpoint);

// False where net.core.rmem_max is below UdpSocket::receive_buffer_octets.
bool has_wanted_buffer(int descriptor);

// Finds a socket that the process before us has bound to the endpoint, for the caller to own; -1: there is
// none.
using FindBound = std::function<int(const boost::asio::ip::udp::endpoint&)>;

class UdpSocket {
public:
    static constexpr std::size_t batch_datagrams_max = radius::batch_datagrams_max;
    // Requests wait here while the daemon is restarted: of each NAS about 6000, for the kernel counts its own
    // use of memory too.
    static constexpr int receive_buffer_octets = 4 << 20;
    static constexpr std::size_t send_queue_datagrams_max = 16384;

    // Whether other sockets of this user may have the same endpoint, so that the kernel spreads peers over
    // them.
    enum class Sharing : std::uint8_t { with_others, alone };

    // Opens and binds, or takes over `bound`; throws boost::system::system_error whose what() names the
    // endpoint.
    UdpSocket(boost::asio::io_context& loop, const boost::asio::ip::udp::endpoint& endpoint,
              Counters& counters, Sharing sharing = Sharing::with_others, int bound = -1);
    ~UdpSocket();
    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    boost::asio::ip::udp::endpoint endpoint() const;  // as bound, where port 0 was asked for
    int descriptor() const;

    // Until there is something to read, or stop_waiting() was called.
    awaitable<std::tuple<error_code>> wait_until_readable();
    void stop_waiting();

    // What the kernel holds for us, and has thrown away for lack of room since the socket was opened.
    struct Backlog {
        std::uint64_t octets{};
        std::uint64_t drops{};
    };
    Backlog backlog() const;

    // What has arrived, one batch at most. A full batch: there may be more.
    std::span<const Datagram> receive();

    // The datagrams sent in one turn of the loop leave together at its end. False if the queue is full.
    bool send(Bytes bytes, const boost::asio::ip::udp::endpoint& peer, const boost::asio::ip::address& local);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace hourglass::radius

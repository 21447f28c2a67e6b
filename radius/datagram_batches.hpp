// Datagrams as recvmmsg and sendmmsg take them, many at a time: the arrays that the one fills, and the queue
// that the other empties. Nothing is allocated for a datagram.
#pragma once

#include "radius/bytes.hpp"

#include <boost/asio/ip/udp.hpp>

#include <chrono>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <vector>

namespace hourglass::radius {

inline constexpr std::size_t batch_datagrams_max = 64;
inline constexpr std::size_t datagram_octets_max = 4096;

struct Datagram {
    Bytes bytes;  // of the socket, until it receives again
    boost::asio::ip::udp::endpoint peer;
    boost::asio::ip::address local;  // where it was sent to
    std::chrono::system_clock::time_point received_at;
    std::chrono::system_clock::duration queued{};  // see time_queued()
};

// How long a datagram has waited to be read, which tells whether we keep up. What came before the socket was
// read at all waited for a start; that does not count, up to the limit, when its NAS has given up.
inline constexpr std::chrono::seconds wait_for_start_max{30};
std::chrono::system_clock::duration time_queued(std::chrono::system_clock::time_point received_at,
                                                std::chrono::system_clock::time_point read_since,
                                                std::chrono::system_clock::time_point now);

// Room for what the kernel says of a datagram beside it: a local address and a time.
struct alignas(cmsghdr) ControlMessages {
    std::array<char, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(timespec))> octets;
};

// The headers are laid out once; the kernel overwrites two lengths in each that it uses.
class ReceiveBuffers {
public:
    ReceiveBuffers();
    ReceiveBuffers(const ReceiveBuffers&) = delete;
    ReceiveBuffers& operator=(const ReceiveBuffers&) = delete;

    // One system call; empty if there is nothing. `bound` is where those were sent to that do not say.
    std::span<const Datagram> receive(int socket, const boost::asio::ip::address& bound);

private:
    struct Slot {
        std::array<std::uint8_t, datagram_octets_max> octets;
        ControlMessages control;
        iovec vector;
    };

    void make_ready(std::size_t count);

    std::array<Slot, batch_datagrams_max> slots_;
    std::array<mmsghdr, batch_datagrams_max> messages_{};
    std::array<Datagram, batch_datagrams_max> batch_;
    std::size_t used_ = 0;
    std::optional<std::chrono::system_clock::time_point> read_since_;
};

// Datagrams that wait for the end of the turn; their octets stand in one buffer, so that queueing allocates
// nothing once it has grown.
class SendQueue {
public:
    static constexpr std::size_t idle_octets_max = std::size_t{1} << 20;  // that an empty queue keeps

    std::size_t size() const { return entries_.size() - sent_; }
    void add(Bytes bytes, const boost::asio::ip::udp::endpoint& peer, const boost::asio::ip::address& local);
    // One system call; how many were sent. 0: errno says why.
    std::size_t send_batch(int socket, bool with_local_address);
    void pop(std::size_t count);

private:
    struct Entry {
        std::size_t position;
        std::size_t size;
        boost::asio::ip::udp::endpoint peer;
        boost::asio::ip::address local;
    };

    std::vector<Entry> entries_;
    std::vector<std::uint8_t> octets_;
    std::size_t sent_ = 0;
};

}  // namespace hourglass::radius

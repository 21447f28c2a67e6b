#include "radius/udp_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <linux/sock_diag.h>
#include <sstream>

namespace hourglass::radius {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::udp;

error_code last_error() {
    return {errno, boost::system::system_category()};
}

[[noreturn]] void fail(const udp::endpoint& endpoint, error_code error) {
    std::ostringstream sentence;
    sentence << "cannot listen on UDP " << endpoint;
    throw boost::system::system_error(error, sentence.str());
}

void set_option(int socket, int level, int option, int value) {
    if (::setsockopt(socket, level, option, &value, sizeof value) != 0)
        throw boost::system::system_error(last_error(), "setsockopt");
}

// Beyond net.core.rmem_max only with CAP_NET_ADMIN; without it as much as the kernel allows.
void enlarge_receive_buffer(int socket, int octets) {
    if (::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) != 0)
        set_option(socket, SOL_SOCKET, SO_RCVBUF, octets);
}

void open(udp::socket& socket, const udp::endpoint& endpoint) {
    socket.open(endpoint.protocol());
    if (endpoint.address().is_v6()) socket.set_option(boost::asio::ip::v6_only(true));
}

}  // namespace

void require_free(const udp::endpoint& endpoint) {
    try {
        boost::asio::io_context loop;
        udp::socket socket(loop);
        open(socket, endpoint);
        socket.bind(endpoint);
    } catch (const boost::system::system_error& error) {
        fail(endpoint, error.code());
    }
}

// socket(7): what is set is doubled, to make room for what the kernel adds.
bool has_wanted_buffer(int descriptor) {
    int octets = 0;
    socklen_t length = sizeof octets;
    const bool is_known = ::getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &octets, &length) == 0;
    return !is_known || octets / 2 >= UdpSocket::receive_buffer_octets;
}

class UdpSocket::Implementation {
public:
    Implementation(boost::asio::io_context& loop, const udp::endpoint& endpoint, Counters& counters,
                   Sharing sharing, int bound)
        : loop_(loop), socket_(loop), counters_(counters) {
        try {
            const bool is_new = bound < 0;
            if (is_new)
                open(socket_, endpoint);
            else
                socket_.assign(endpoint.protocol(), bound);
            const auto handle = socket_.native_handle();
            if (sharing == Sharing::with_others) set_option(handle, SOL_SOCKET, SO_REUSEPORT, 1);
            enlarge_receive_buffer(handle, receive_buffer_octets);
            set_option(handle, SOL_SOCKET, SO_TIMESTAMPNS, 1);
            is_wildcard_ = endpoint.address().is_unspecified();
            if (is_wildcard_ && endpoint.address().is_v4()) set_option(handle, IPPROTO_IP, IP_PKTINFO, 1);
            if (is_wildcard_ && endpoint.address().is_v6())
                set_option(handle, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
            socket_.non_blocking(true);
            if (is_new) socket_.bind(endpoint);
            bound_ = socket_.local_endpoint();
        } catch (const boost::system::system_error& error) {
            fail(endpoint, error.code());
        }
    }

    udp::endpoint endpoint() const { return bound_; }
    int descriptor() { return socket_.native_handle(); }

    awaitable<std::tuple<error_code>> wait_until_readable() {
        return socket_.async_wait(udp::socket::wait_read, boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    void stop_waiting() { socket_.cancel(); }

    // Zeros where the kernel does not tell.
    Backlog backlog() {
        std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
        socklen_t size = sizeof memory;
        ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size);
        return {.octets = memory[SK_MEMINFO_RMEM_ALLOC], .drops = memory[SK_MEMINFO_DROPS]};
    }

    std::span<const Datagram> receive() {
        const auto batch = buffers_.receive(socket_.native_handle(), bound_.address());
        if (batch.empty()) return {};
        counters_.receive_batches.add();
        counters_.received_datagrams.add(batch.size());
        return batch;
    }

    bool send(Bytes bytes, const udp::endpoint& peer, const address& local) {
        if (queue_.size() >= send_queue_datagrams_max) return false;
        queue_.add(bytes, peer, local);
        if (!is_flush_due_) {
            is_flush_due_ = true;
            boost::asio::post(loop_, [this] { flush(); });
        }
        return true;
    }

private:
    void flush() {
        while (queue_.size() > 0) {
            const auto sent = queue_.send_batch(socket_.native_handle(), is_wildcard_);
            if (sent == 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS))
                return flush_when_writable();
            if (sent == 0) counters_.send_failures.add();
            counters_.send_batches.add();
            counters_.sent_datagrams.add(sent);
            queue_.pop(std::max<std::size_t>(sent, 1));  // one that cannot be sent does not hold up the rest
        }
        is_flush_due_ = false;
    }

    void flush_when_writable() {
        socket_.async_wait(udp::socket::wait_write, [this](error_code error) {
            if (!error) return flush();
            is_flush_due_ = false;
        });
    }

    boost::asio::io_context& loop_;
    udp::socket socket_;
    Counters& counters_;
    udp::endpoint bound_;
    bool is_wildcard_ = false;
    bool is_flush_due_ = false;
    ReceiveBuffers buffers_;
    SendQueue queue_;
};

UdpSocket::UdpSocket(boost::asio::io_context& loop, const udp::endpoint& endpoint, Counters& counters,
                     Sharing sharing, int bound)
    : implementation_(std::make_unique<Implementation>(loop, endpoint, counters, sharing, bound)) {}
UdpSocket::~UdpSocket() = default;

udp::endpoint UdpSocket::endpoint() const {
    return implementation_->endpoint();
}
int UdpSocket::descriptor() const {
    return implementation_->descriptor();
}
awaitable<std::tuple<error_code>> UdpSocket::wait_until_readable() {
    return implementation_->wait_until_readable();
}
void UdpSocket::stop_waiting() {
    implementation_->stop_waiting();
}
UdpSocket::Backlog UdpSocket::backlog() const {
    return implementation_->backlog();
}
std::span<const Datagram> UdpSocket::receive() {
    return implementation_->receive();
}
bool UdpSocket::send(Bytes bytes, const udp::endpoint& peer, const address& local) {
    return implementation_->send(bytes, peer, local);
}

}  // namespace hourglass::radius

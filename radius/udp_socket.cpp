#include "radius/udp_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cstring>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>

namespace hourglass::radius {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::udp;

using SystemClock = std::chrono::system_clock;

// Of a local address and a time.
constexpr std::size_t control_octets = CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(timespec));
static_assert(sizeof(in6_pktinfo) >= sizeof(in_pktinfo));

struct alignas(cmsghdr) Control {
    std::array<char, control_octets> octets;
};

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

template <class Value>
Value read_control(const cmsghdr& control) {
    Value value;
    std::memcpy(&value, CMSG_DATA(&control), sizeof value);
    return value;
}

address address_of(const in_pktinfo& info) {
    return boost::asio::ip::address_v4(ntohl(info.ipi_spec_dst.s_addr));
}

address address_of(const in6_pktinfo& info) {
    boost::asio::ip::address_v6::bytes_type octets;
    std::memcpy(octets.data(), &info.ipi6_addr, octets.size());
    boost::asio::ip::address_v6 local(octets);
    if (local.is_link_local()) local.scope_id(info.ipi6_ifindex);
    return local;
}

SystemClock::time_point time_of(const timespec& time) {
    const auto since_1970 = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    return SystemClock::time_point(std::chrono::duration_cast<SystemClock::duration>(since_1970));
}

// What the kernel says of a datagram beside it: where it was sent to, and when it arrived (ip(7), ipv6(7),
// socket(7)).
void read_controls(msghdr& message, Datagram& datagram) {
    for (auto* control = CMSG_FIRSTHDR(&message); control; control = CMSG_NXTHDR(&message, control)) {
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO)
            datagram.local = address_of(read_control<in_pktinfo>(*control));
        else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO)
            datagram.local = address_of(read_control<in6_pktinfo>(*control));
        else if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS)
            datagram.received_at = time_of(read_control<timespec>(*control));
    }
}

template <class Info>
void put_control(msghdr& message, Control& control, int level, int type, const Info& info) {
    message.msg_control = control.octets.data();
    message.msg_controllen = CMSG_SPACE(sizeof info);
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
}

void put_local_address(msghdr& message, Control& control, const address& local) {
    if (local.is_v4()) {
        in_pktinfo info{};
        info.ipi_spec_dst.s_addr = htonl(local.to_v4().to_uint());
        put_control(message, control, IPPROTO_IP, IP_PKTINFO, info);
    } else {
        in6_pktinfo info{};
        const auto octets = local.to_v6().to_bytes();
        std::memcpy(&info.ipi6_addr, octets.data(), octets.size());
        info.ipi6_ifindex = static_cast<unsigned>(local.to_v6().scope_id());
        put_control(message, control, IPPROTO_IPV6, IPV6_PKTINFO, info);
    }
}

// The arrays that recvmmsg fills. The headers are laid out once; the kernel overwrites two lengths in them.
class ReceiveBuffers {
public:
    ReceiveBuffers() {
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            auto& slot = slots_[i];
            auto& message = messages_[i].msg_hdr;
            slot.vector = {slot.octets.data(), slot.octets.size()};
            message.msg_name = batch_[i].peer.data();
            message.msg_iov = &slot.vector;
            message.msg_iovlen = 1;
            message.msg_control = slot.control.octets.data();
        }
        make_ready(slots_.size());
    }

    // One system call; empty if there is nothing. `bound` is where those were sent to that do not say.
    std::span<Datagram> receive(int socket, const address& bound) {
        make_ready(std::exchange(used_, 0));
        const auto received =
            ::recvmmsg(socket, messages_.data(), UdpSocket::batch_datagrams_max, MSG_DONTWAIT, nullptr);
        if (received <= 0) return {};
        used_ = static_cast<std::size_t>(received);
        const auto now = SystemClock::now();
        for (std::size_t i = 0; i < used_; ++i) {
            auto& message = messages_[i];
            auto& datagram = batch_[i];
            datagram.bytes = Bytes(slots_[i].octets).first(message.msg_len);
            datagram.peer.resize(message.msg_hdr.msg_namelen);
            datagram.local = bound;
            datagram.received_at = now;
            read_controls(message.msg_hdr, datagram);
            // The clock may have been set meanwhile.
            datagram.received_at = std::min(datagram.received_at, now);
            datagram.queued = now - datagram.received_at;
        }
        return std::span(batch_).first(used_);
    }

private:
    struct Slot {
        std::array<std::uint8_t, UdpSocket::datagram_octets_max> octets;
        Control control;
        iovec vector;
    };

    void make_ready(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            messages_[i].msg_hdr.msg_namelen = static_cast<socklen_t>(batch_[i].peer.capacity());
            messages_[i].msg_hdr.msg_controllen = control_octets;
        }
    }

    std::array<Slot, UdpSocket::batch_datagrams_max> slots_;
    std::array<mmsghdr, UdpSocket::batch_datagrams_max> messages_{};
    std::array<Datagram, UdpSocket::batch_datagrams_max> batch_;
    std::size_t used_ = 0;
};

// Datagrams that wait for the end of the turn; their octets stand in one buffer, so that queueing allocates
// nothing once it has grown.
class SendQueue {
public:
    static constexpr std::size_t kept_octets_max = std::size_t{1} << 20;  // while it is empty

    std::size_t size() const { return entries_.size() - sent_; }

    void add(Bytes bytes, const udp::endpoint& peer, const address& local) {
        entries_.push_back({octets_.size(), bytes.size(), peer, local});
        octets_.insert(octets_.end(), bytes.begin(), bytes.end());
    }

    // One system call. 0: nothing could be sent, errno says why.
    std::size_t send_batch(int socket, bool with_local_address) {
        std::array<mmsghdr, UdpSocket::batch_datagrams_max> messages{};
        std::array<iovec, UdpSocket::batch_datagrams_max> vectors;
        std::array<Control, UdpSocket::batch_datagrams_max> controls;
        const auto count = std::min(size(), messages.size());
        for (std::size_t i = 0; i < count; ++i) {
            auto& entry = entries_[sent_ + i];
            auto& message = messages[i].msg_hdr;
            vectors[i] = {octets_.data() + entry.position, entry.size};
            message.msg_name = entry.peer.data();
            message.msg_namelen = static_cast<socklen_t>(entry.peer.size());
            message.msg_iov = &vectors[i];
            message.msg_iovlen = 1;
            if (with_local_address && !entry.local.is_unspecified())
                put_local_address(message, controls[i], entry.local);
        }
        const auto sent = ::sendmmsg(socket, messages.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
        return sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }

    void pop(std::size_t count) {
        sent_ += count;
        if (size() > 0) return;
        entries_.clear();
        octets_.clear();
        sent_ = 0;
        if (octets_.capacity() <= kept_octets_max) return;
        entries_.shrink_to_fit();
        octets_.shrink_to_fit();
    }

private:
    struct Entry {
        std::size_t position;
        std::size_t size;
        udp::endpoint peer;
        address local;
    };

    std::vector<Entry> entries_;
    std::vector<std::uint8_t> octets_;
    std::size_t sent_ = 0;
};

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

class UdpSocket::Implementation {
public:
    Implementation(boost::asio::io_context& loop, const udp::endpoint& endpoint, Counters& counters,
                   Sharing sharing)
        : loop_(loop), socket_(loop), counters_(counters) {
        try {
            open(socket_, endpoint);
            const auto handle = socket_.native_handle();
            if (sharing == Sharing::with_others) set_option(handle, SOL_SOCKET, SO_REUSEPORT, 1);
            enlarge_receive_buffer(handle, receive_buffer_octets);
            set_option(handle, SOL_SOCKET, SO_TIMESTAMPNS, 1);
            is_wildcard_ = endpoint.address().is_unspecified();
            if (is_wildcard_ && endpoint.address().is_v4()) set_option(handle, IPPROTO_IP, IP_PKTINFO, 1);
            if (is_wildcard_ && endpoint.address().is_v6())
                set_option(handle, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
            socket_.non_blocking(true);
            socket_.bind(endpoint);
            bound_ = socket_.local_endpoint();
        } catch (const boost::system::system_error& error) {
            fail(endpoint, error.code());
        }
    }

    udp::endpoint endpoint() const { return bound_; }

    awaitable<std::tuple<error_code>> wait_until_readable() {
        return socket_.async_wait(udp::socket::wait_read, boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    void stop_waiting() { socket_.cancel(); }

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
                     Sharing sharing)
    : implementation_(std::make_unique<Implementation>(loop, endpoint, counters, sharing)) {}
UdpSocket::~UdpSocket() = default;

udp::endpoint UdpSocket::endpoint() const {
    return implementation_->endpoint();
}
awaitable<std::tuple<error_code>> UdpSocket::wait_until_readable() {
    return implementation_->wait_until_readable();
}
void UdpSocket::stop_waiting() {
    implementation_->stop_waiting();
}
std::span<const Datagram> UdpSocket::receive() {
    return implementation_->receive();
}
bool UdpSocket::send(Bytes bytes, const udp::endpoint& peer, const address& local) {
    return implementation_->send(bytes, peer, local);
}

}  // namespace hourglass::radius

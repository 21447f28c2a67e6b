#include "radius/datagram_batches.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hourglass::radius {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::udp;
using SystemClock = std::chrono::system_clock;

static_assert(sizeof(in6_pktinfo) >= sizeof(in_pktinfo), "ControlMessages has room for either");

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
void put_control(msghdr& message, ControlMessages& control, int level, int type, const Info& info) {
    message.msg_control = control.octets.data();
    message.msg_controllen = CMSG_SPACE(sizeof info);
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
}

void put_local_address(msghdr& message, ControlMessages& control, const address& local) {
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

}  // namespace

SystemClock::duration time_queued(SystemClock::time_point received_at, SystemClock::time_point read_since,
                                  SystemClock::time_point now) {
    const auto started_by = std::min(read_since, received_at + wait_for_start_max);
    return now - std::max(received_at, started_by);
}

ReceiveBuffers::ReceiveBuffers() {
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

std::span<const Datagram> ReceiveBuffers::receive(int socket, const address& bound) {
    make_ready(std::exchange(used_, 0));
    const auto received = ::recvmmsg(socket, messages_.data(), batch_datagrams_max, MSG_DONTWAIT, nullptr);
    if (received <= 0) return {};
    used_ = static_cast<std::size_t>(received);
    const auto now = SystemClock::now();
    if (!read_since_) read_since_ = now;
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
        datagram.queued = time_queued(datagram.received_at, *read_since_, now);
    }
    return std::span(batch_).first(used_);
}

void ReceiveBuffers::make_ready(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        messages_[i].msg_hdr.msg_namelen = static_cast<socklen_t>(batch_[i].peer.capacity());
        messages_[i].msg_hdr.msg_controllen = sizeof(ControlMessages::octets);
    }
}

void SendQueue::add(Bytes bytes, const udp::endpoint& peer, const address& local) {
    entries_.push_back({octets_.size(), bytes.size(), peer, local});
    octets_.insert(octets_.end(), bytes.begin(), bytes.end());
}

std::size_t SendQueue::send_batch(int socket, bool with_local_address) {
    std::array<mmsghdr, batch_datagrams_max> messages{};
    std::array<iovec, batch_datagrams_max> vectors;
    std::array<ControlMessages, batch_datagrams_max> controls;
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

void SendQueue::pop(std::size_t count) {
    sent_ += count;
    if (size() > 0) return;
    entries_.clear();
    octets_.clear();
    sent_ = 0;
    if (octets_.capacity() <= idle_octets_max) return;
    entries_.shrink_to_fit();
    octets_.shrink_to_fit();
}

}  // namespace hourglass::radius

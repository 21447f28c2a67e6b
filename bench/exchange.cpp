#include "bench/exchange.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::bench {

namespace {

constexpr std::size_t identifiers = 256;
constexpr std::size_t burst = 64;
constexpr std::size_t answer_octets_max = 512;
constexpr int socket_buffer_octets = 1 << 20;

int open_socket(const sockaddr_in& server) {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw std::system_error(errno, std::system_category(), "socket");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &socket_buffer_octets, sizeof socket_buffer_octets);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
        const int error = errno;
        close(fd);
        throw std::system_error(error, std::system_category(), "connect");
    }
    return fd;
}

}  // namespace

Exchange::Exchange(const Plan& plan, Workload& workload)
    : plan_(plan), workload_(workload), slots_(plan.sockets * identifiers), out_(plan.sockets) {
    for (std::size_t i = 0; i < plan.sockets; ++i)
        sockets_.push_back(open_socket(plan.server));
    for (std::size_t identifier = 0; identifier < identifiers; ++identifier) {
        for (std::size_t i = 0; i < plan.sockets; ++i)
            free_slots_.push_back(i * identifiers + identifier);
    }
}

Exchange::~Exchange() {
    for (const int fd : sockets_)
        close(fd);
}

Outcome Exchange::run(const std::function<void()>& on_edge) {
    const auto start = Clock::now();
    const auto measured_from = start + plan_.warmup;
    const auto measured_to = measured_from + plan_.duration;
    next_due_ = start;

    auto now = start;
    for (; now < measured_to; now = Clock::now()) {
        if (!is_measuring_ && now >= measured_from) {
            on_edge();
            is_measuring_ = true;
        }
        expire(now);
        begin_due_requests(now);
        flush();
        wait(measured_to);
    }
    on_edge();
    outcome_.elapsed = now - measured_from;
    is_measuring_ = false;

    // What is still outstanding may yet turn out lost.
    while (waiting_ > 0) {
        expire(Clock::now());
        flush();
        if (waiting_ > 0) wait(Clock::now() + plan_.timeout);
    }
    return std::move(outcome_);
}

void Exchange::begin_due_requests(Clock::time_point now) {
    if (plan_.rate <= 0) {
        while (waiting_ < plan_.window && !free_slots_.empty())
            begin_request(now);
        return;
    }
    const auto interval =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / plan_.rate));
    while (next_due_ <= now && !free_slots_.empty()) {
        begin_request(next_due_);
        next_due_ += interval;
    }
}

void Exchange::begin_request(Clock::time_point since) {
    const auto index = free_slots_.front();
    free_slots_.pop_front();
    auto& slot = slots_[index];
    slot = {.packet = workload_.next(static_cast<std::uint8_t>(index % identifiers)),
            .since = since,
            .turn = slot.turn + 1,
            .transmissions = 0,
            .is_waiting = true,
            .is_measured = is_measuring_};
    ++waiting_;
    transmit(index, Clock::now());
}

void Exchange::transmit(std::size_t index, Clock::time_point now) {
    ++slots_[index].transmissions;
    out_[index / identifiers].push_back(index);
    timers_.push_back({.at = now + plan_.timeout, .slot = index, .turn = slots_[index].turn});
}

// What the kernel does not take at once is as good as lost on the way: the timer sends it again.
void Exchange::flush() {
    for (std::size_t i = 0; i < out_.size(); ++i) {
        for (std::size_t begin = 0; begin < out_[i].size(); begin += burst) {
            const auto count = std::min(burst, out_[i].size() - begin);
            std::array<mmsghdr, burst> messages{};
            std::array<iovec, burst> parts{};
            for (std::size_t n = 0; n < count; ++n) {
                auto& packet = slots_[out_[i][begin + n]].packet;
                parts[n] = {.iov_base = packet.data(), .iov_len = packet.size()};
                messages[n].msg_hdr.msg_iov = &parts[n];
                messages[n].msg_hdr.msg_iovlen = 1;
            }
            sendmmsg(sockets_[i], messages.data(), static_cast<unsigned>(count), 0);
        }
        out_[i].clear();
    }
}

void Exchange::wait(Clock::time_point until) {
    if (!timers_.empty()) until = std::min(until, timers_.front().at);
    if (plan_.rate > 0 && !free_slots_.empty()) until = std::min(until, next_due_);
    const auto left = std::max(until - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};

    std::vector<pollfd> readable;
    readable.reserve(sockets_.size());
    for (const int fd : sockets_)
        readable.push_back({.fd = fd, .events = POLLIN, .revents = 0});
    if (ppoll(readable.data(), readable.size(), &limit, nullptr) <= 0) return;
    for (std::size_t i = 0; i < readable.size(); ++i) {
        if (readable[i].revents != 0) receive(i);
    }
}

void Exchange::receive(std::size_t socket) {
    std::array<std::array<std::uint8_t, answer_octets_max>, burst> buffers;
    std::array<mmsghdr, burst> messages{};
    std::array<iovec, burst> parts{};
    for (std::size_t n = 0; n < burst; ++n) {
        parts[n] = {.iov_base = buffers[n].data(), .iov_len = buffers[n].size()};
        messages[n].msg_hdr.msg_iov = &parts[n];
        messages[n].msg_hdr.msg_iovlen = 1;
    }
    const int count = recvmmsg(sockets_[socket], messages.data(), burst, 0, nullptr);
    const auto now = Clock::now();
    for (std::size_t n = 0; n < static_cast<std::size_t>(std::max(count, 0)); ++n) {
        take_answer(socket, nas::View(buffers[n]).first(messages[n].msg_len), now);
    }
}

void Exchange::take_answer(std::size_t socket, nas::View packet, Clock::time_point now) {
    if (packet.size() < nas::header_octets) {
        outcome_.wrong += is_measuring_;
        return;
    }
    const auto index = socket * identifiers + nas::identifier_of(packet);
    const auto& slot = slots_[index];
    if (!slot.is_waiting) return;  // an answer to a repeat of what was answered already
    if (!workload_.is_expected(packet, slot.packet)) {
        outcome_.wrong += is_measuring_;
        return;
    }
    if (is_measuring_) {
        const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(now - slot.since);
        outcome_.latencies.push_back(static_cast<std::uint32_t>(latency.count()));
        ++outcome_.answered;
    }
    finish(index);
}

void Exchange::expire(Clock::time_point now) {
    while (!timers_.empty() && timers_.front().at <= now) {
        const auto timer = timers_.front();
        timers_.pop_front();
        const auto& slot = slots_[timer.slot];
        if (!slot.is_waiting || slot.turn != timer.turn) continue;
        if (slot.transmissions <= plan_.retries) {
            outcome_.repeated += slot.is_measured;
            transmit(timer.slot, now);
        } else {
            outcome_.lost += slot.is_measured;
            finish(timer.slot);
        }
    }
}

void Exchange::finish(std::size_t index) {
    slots_[index].is_waiting = false;
    free_slots_.push_back(index);
    --waiting_;
}

}  // namespace hourglass::bench

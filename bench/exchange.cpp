#include "bench/exchange.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hourglass::bench {

namespace {

constexpr std::size_t identifiers = 256;
constexpr std::size_t burst = 64;
constexpr std::size_t slots_in_a_row = 16;
constexpr std::size_t answer_octets_max = 512;
constexpr int socket_buffer_octets = 1 << 20;

int open_socket(std::uint16_t port) {
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
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
    : plan_(plan), workload_(workload), poll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (const auto port : {Port::auth, Port::acct})
        open_sockets(port);
    slots_.resize(sockets_.size() * identifiers);
    out_.resize(sockets_.size());
}

Exchange::~Exchange() {
    for (const int fd : sockets_)
        close(fd);
    close(poll_);
}

// Neighbours in the list of free slots are of one socket, so that a burst leaves in few calls.
void Exchange::open_sockets(Port port) {
    const auto first = sockets_.size();
    const auto index = static_cast<std::size_t>(port);
    for (std::size_t i = 0; i < plan_.sockets; ++i) {
        sockets_.push_back(open_socket(plan_.ports[index]));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = first + i;
        epoll_ctl(poll_, EPOLL_CTL_ADD, sockets_.back(), &event);
    }
    for (std::size_t identifier = 0; identifier < identifiers; identifier += slots_in_a_row) {
        for (std::size_t socket = first; socket < sockets_.size(); ++socket) {
            for (std::size_t i = 0; i < slots_in_a_row; ++i)
                free_slots_[index].push_back(socket * identifiers + identifier + i);
        }
    }
}

Outcome Exchange::run(const std::function<void()>& on_edge) {
    const auto start = Clock::now();
    const auto measured_from = start + plan_.warmup;
    const auto measured_to = measured_from + plan_.duration;
    next_due_ = start;

    auto now = start;
    for (; now < measured_to && !is_over(); now = Clock::now()) {
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

bool Exchange::is_over() const {
    return waiting_ == 0 && (workload_.is_over() || requests_ == plan_.requests_max);
}

void Exchange::begin_due_requests(Clock::time_point now) {
    is_held_up_ = false;
    if (plan_.rate <= 0) {
        while (waiting_ < plan_.window && begin_request(now)) {
        }
        return;
    }
    const auto interval =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / plan_.rate));
    if (plan_.lag_max > Clock::duration::zero()) next_due_ = std::max(next_due_, now - plan_.lag_max);
    while (next_due_ <= now) {
        is_held_up_ = !begin_request(next_due_);
        if (is_held_up_) return;
        next_due_ += interval;
    }
}

// False: nothing can begin before an answer comes.
bool Exchange::begin_request(Clock::time_point since) {
    if (requests_ == plan_.requests_max) return false;
    const auto job = postponed_ ? std::exchange(postponed_, std::nullopt) : workload_.next();
    if (!job) return false;
    auto& free_slots = free_slots_[static_cast<std::size_t>(job->port)];
    if (free_slots.empty()) {
        postponed_ = job;
        return false;
    }
    const auto index = free_slots.front();
    free_slots.pop_front();
    auto& slot = slots_[index];
    slot = {.job = *job,
            .packet = workload_.make(*job, static_cast<std::uint8_t>(index % identifiers)),
            .given_up = std::move(slot.given_up),
            .since = since,
            .turn = slot.turn + 1,
            .transmissions = 0,
            .is_waiting = true,
            .is_measured = is_measuring_};
    ++waiting_;
    ++requests_;
    outcome_.sent += is_measuring_;
    transmit(index, Clock::now());
    return true;
}

void Exchange::transmit(std::size_t index, Clock::time_point now) {
    const auto socket = index / identifiers;
    ++slots_[index].transmissions;
    if (out_[socket].empty()) sockets_to_flush_.push_back(socket);
    out_[socket].push_back(index);
    timers_.push_back({.at = now + plan_.timeout, .slot = index, .turn = slots_[index].turn});
}

// What the kernel does not take at once is as good as lost on the way: the timer sends it again.
void Exchange::flush() {
    for (const auto i : sockets_to_flush_) {
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
    sockets_to_flush_.clear();
}

void Exchange::wait(Clock::time_point until) {
    if (!timers_.empty()) until = std::min(until, timers_.front().at);
    if (plan_.rate > 0 && !is_held_up_) until = std::min(until, next_due_);
    const auto left = std::max(until - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};

    std::array<epoll_event, burst> readable{};
    const int count =
        epoll_pwait2(poll_, readable.data(), static_cast<int>(readable.size()), &limit, nullptr);
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i)
        receive(readable[i].data.u64);
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
    if (!workload_.is_expected(slot.job, packet, slot.packet)) {
        const bool is_late = !slot.given_up.empty() && workload_.is_expected(slot.job, packet, slot.given_up);
        (is_late ? outcome_.late : outcome_.wrong) += is_measuring_;
        return;
    }
    if (is_measuring_) {
        const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(now - slot.since);
        outcome_.latencies.push_back(static_cast<std::uint32_t>(latency.count()));
        ++outcome_.answered;
    }
    finish(index, packet);
}

void Exchange::expire(Clock::time_point now) {
    while (!timers_.empty() && timers_.front().at <= now) {
        const auto timer = timers_.front();
        timers_.pop_front();
        auto& slot = slots_[timer.slot];
        if (!slot.is_waiting || slot.turn != timer.turn) continue;
        if (slot.transmissions <= plan_.retries) {
            outcome_.repeated += slot.is_measured;
            transmit(timer.slot, now);
        } else {
            outcome_.lost += slot.is_measured;
            finish(timer.slot, {});
            slot.given_up = std::move(slot.packet);
        }
    }
}

void Exchange::finish(std::size_t index, nas::View answer) {
    auto& slot = slots_[index];
    slot.is_waiting = false;
    free_slots_[static_cast<std::size_t>(slot.job.port)].push_back(index);
    --waiting_;
    workload_.finish(slot.job, answer);
}

}  // namespace hourglass::bench

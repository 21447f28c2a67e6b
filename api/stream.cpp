#include "api/stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <poll.h>

namespace hourglass::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

auto cancelled_by(asio::cancellation_signal& signal) {
    return asio::bind_cancellation_slot(signal.slot(), asio::as_tuple(asio::use_awaitable));
}

}  // namespace

void Stream::Wait::expire(Clock::time_point now) {
    if (now < deadline) return;
    deadline = Clock::time_point::max();
    is_late = true;
    cancellation.emit(asio::cancellation_type::terminal);
}

error_code Stream::Wait::outcome(error_code error) const {
    return is_late && error == asio::error::operation_aborted ? error_code(asio::error::timed_out) : error;
}

Stream::Stream(tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    if (tls != nullptr) tls_.emplace(socket_, *tls);
}

awaitable<error_code> Stream::handshake(Clock::time_point deadline) {
    reading_.deadline = deadline;
    reading_.is_late = false;
    const auto [error] =
        co_await tls_->async_handshake(asio::ssl::stream_base::server, cancelled_by(reading_.cancellation));
    reading_.deadline = Clock::time_point::max();
    co_return reading_.outcome(error);
}

awaitable<Transfer> Stream::read_some(asio::mutable_buffer buffer, Clock::time_point deadline) {
    reading_.deadline = deadline;
    reading_.is_late = false;
    auto token = cancelled_by(reading_.cancellation);
    const auto [error, octets] = tls_ ? co_await tls_->async_read_some(buffer, token)
                                      : co_await socket_.async_read_some(buffer, token);
    reading_.deadline = Clock::time_point::max();
    co_return Transfer{reading_.outcome(error), octets};
}

awaitable<Transfer> Stream::write_some(asio::const_buffer octets, Clock::time_point deadline) {
    writing_.deadline = deadline;
    writing_.is_late = false;
    auto token = cancelled_by(writing_.cancellation);
    const auto [error, count] = tls_ ? co_await tls_->async_write_some(octets, token)
                                     : co_await socket_.async_write_some(octets, token);
    writing_.deadline = Clock::time_point::max();
    co_return Transfer{writing_.outcome(error), count};
}

awaitable<error_code> Stream::write(asio::const_buffer octets, Clock::duration step_time_max) {
    while (octets.size() > 0) {
        const auto written = co_await write_some(octets, Clock::now() + step_time_max);
        if (written.error) co_return written.error;
        octets += written.octets;
    }
    co_return error_code();
}

awaitable<void> Stream::end(Clock::duration time_max, std::size_t octets_max) {
    const auto deadline = Clock::now() + time_max;
    error_code gone;
    if (tls_) {
        reading_.deadline = deadline;
        reading_.is_late = false;
        co_await tls_->async_shutdown(cancelled_by(reading_.cancellation));
    }
    socket_.shutdown(tcp::socket::shutdown_send, gone);
    if (gone) co_return;

    std::array<char, 4096> forgotten;
    for (std::size_t total = 0; total < octets_max;) {
        reading_.deadline = deadline;
        const auto [error, octets] =
            co_await socket_.async_read_some(asio::buffer(forgotten), cancelled_by(reading_.cancellation));
        if (error) break;
        total += octets;
    }
    reading_.deadline = Clock::time_point::max();
}

void Stream::expire(Clock::time_point now) {
    reading_.expire(now);
    writing_.expire(now);
}

void Stream::cancel_read() {
    reading_.cancellation.emit(asio::cancellation_type::terminal);
}

bool Stream::is_gone() {
    pollfd state{.fd = socket_.native_handle(), .events = 0, .revents = 0};
    return poll(&state, 1, 0) > 0 && (state.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

}  // namespace hourglass::api

// One TCP connection, plain or under TLS, as octets in and out. Each wait has a deadline, and one that is
// missed leaves the connection usable: a client that is too slow can still be told so.
#pragma once

#include "store/result.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <chrono>
#include <optional>

namespace hourglass::api {

struct Transfer {
    error_code error;  // boost::asio::error::timed_out for a missed deadline
    std::size_t octets{};
};

// One reads and one writes at a time. Deadlines are looked at when the owner calls expire(), which is cheaper
// than a timer for each connection.
class Stream {
public:
    using Clock = std::chrono::steady_clock;

    // Speaks TLS if a context is given; handshake() comes first then.
    Stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    awaitable<error_code> handshake(Clock::time_point deadline);
    awaitable<Transfer> read_some(boost::asio::mutable_buffer buffer, Clock::time_point deadline);
    // All of it, which lives until then. The peer has `step_time_max` for taking some of it each time.
    awaitable<error_code> write(boost::asio::const_buffer octets, Clock::duration step_time_max);
    // Says that no more will come, then reads and forgets for a while, so that what was written last is not
    // lost to a reset.
    awaitable<void> end(Clock::duration time_max, std::size_t octets_max);

    // Ends the waits whose deadline has passed.
    void expire(Clock::time_point now);
    // Ends a wait for octets with boost::asio::error::operation_aborted.
    void cancel_read();

    bool is_encrypted() const { return tls_.has_value(); }
    // Whether the peer has closed both ways or broken the connection, as far as is known.
    bool is_gone();
    boost::asio::ip::tcp::socket& socket() { return socket_; }

private:
    // One direction's wait.
    struct Wait {
        boost::asio::cancellation_signal cancellation;
        Clock::time_point deadline = Clock::time_point::max();
        bool is_late = false;

        void expire(Clock::time_point now);
        error_code outcome(error_code error) const;
    };

    awaitable<Transfer> write_some(boost::asio::const_buffer octets, Clock::time_point deadline);

    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    Wait reading_;
    Wait writing_;
};

}  // namespace hourglass::api

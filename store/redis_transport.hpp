// The socket to Redis, by TCP or in the file system, and hiredis' reader behind it: connects, logs in, loads
// the scripts, and then gives replies as they come. What to do when it breaks is its owner's matter.
#pragma once

#include "store/log.hpp"
#include "store/redis_address.hpp"
#include "store/redis_pipeline.hpp"
#include "store/redis_reply_reader.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <memory>
#include <optional>

namespace hourglass::store {

class RedisTransport {
public:
    using Stream = boost::asio::generic::stream_protocol;
    static constexpr std::size_t read_octets = 65'536;

    RedisTransport(boost::asio::io_context& loop, RedisAddress address, Log& log);

    // Connected, logged in, the database selected and the scripts loaded; or why not, `limit` among the
    // reasons.
    awaitable<error_code> open(std::chrono::milliseconds limit);
    // Ends whatever is under way with an error.
    void close();

    Stream::socket& socket() { return socket_; }
    // Waits for octets and gives them to the reader.
    awaitable<error_code> receive();
    // The same with what has arrived already, at most `read_octets`: how many there were, or
    // asio::error::would_block. Not while receive() waits.
    result<std::size_t> receive_now();
    // Whether the other end is gone as of this moment, though octets of it may still be unread.
    bool has_hung_up();
    // nullopt: the reader needs more octets. Error::corrupt: what came is not RESP.
    result<std::optional<Reply>> next_reply();

private:
    awaitable<error_code> connect();
    awaitable<error_code> connect_tcp();
    awaitable<error_code> greet();
    Pipeline greeting() const;
    void close_after(std::chrono::milliseconds limit);

    RedisAddress address_;
    Log& log_;
    Stream::socket socket_;
    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::steady_timer limit_timer_;
    std::shared_ptr<bool> is_opening_;  // what the timer's handler asks; it may outlive the transport
    std::optional<ReplyReader> reader_;
    std::array<char, read_octets> received_{};
};

}  // namespace hourglass::store

// One connection: requests in, replies out, in order, until either side has enough.
#pragma once

#include "api/context.hpp"
#include "api/counters.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>

#include <set>

namespace hourglass::api {

class Connection;

// What the connections of one server share.
struct Connections {
    Environment& environment;
    Counters& counters;
    std::string request_id_prefix;  // tells daemons and restarts apart
    std::uint64_t requests = 0;
    std::set<Connection*> open;
    bool is_draining = false;
};

class Connection {
public:
    // `connections` outlives serve().
    Connection(boost::asio::ip::tcp::socket socket, Connections& connections);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Returns when the connection is over. Exceptions of handlers do not leave it.
    awaitable<void> serve();
    // Ends it if it waits between two requests.
    void close_if_idle();

private:
    using Parser = http::request_parser<http::string_body>;
    using Clock = std::chrono::steady_clock;

    void skip_empty_lines();
    // False: closed, or idle for too long.
    awaitable<bool> wait_for_request();
    // The request, or the reply to what is none; nullopt: the peer is gone.
    awaitable<Checked<std::optional<Request>>> receive();
    Request to_request(http::request<http::string_body> message);
    awaitable<Response> answer_safely(const Request& request);
    // False: the connection cannot be used any more.
    awaitable<bool> send(const Request& request, Response response, bool keep_alive);
    awaitable<void> send_refusal(Response refusal);
    // Reads on for a while, so that a reply sent in the middle of a request is not lost to a reset.
    awaitable<void> linger();
    std::string next_request_id();
    void log(const Request& request, const Response& response);

    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    boost::asio::ip::tcp::endpoint peer_;
    boost::asio::ip::tcp::endpoint local_;
    Connections& connections_;
    Clock::time_point received_at_;
    bool is_idle_ = false;
};

}  // namespace hourglass::api

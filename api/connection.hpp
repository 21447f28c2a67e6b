// One connection: requests in, replies out, in order, until either side has enough.
#pragma once

#include "api/context.hpp"
#include "api/counters.hpp"
#include "api/request_reader.hpp"

#include <boost/beast/core/flat_buffer.hpp>

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
    // `connections` outlives serve(). Speaks TLS if a context is given.
    Connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, Connections& connections);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Returns when the connection is over. Exceptions of handlers do not leave it.
    awaitable<void> serve();
    // The daemon is ending: stops waiting for a header, or for more of a streamed body.
    void drain();
    // Since when it has waited for a header, its first or another.
    std::optional<Stream::Clock::time_point> waiting_since() const;
    // Makes room for another.
    void drop();
    // In which share of the limits it counts.
    const boost::asio::ip::address& share() const { return share_; }
    // Ends waits whose deadline has passed.
    void expire(Stream::Clock::time_point now) { stream_.expire(now); }

private:
    using Clock = Stream::Clock;

    bool has_request();
    // False: closed, or idle for too long.
    awaitable<bool> wait_for_request();
    // Reads, answers. False: the connection is to be closed.
    awaitable<bool> serve_request();
    Request to_request(http::request_header<> header);
    awaitable<Response> answer_safely(const Request& request, RequestReader& body);
    // False: the connection cannot be used any more.
    awaitable<bool> send(const Request& request, const Response& response, bool keep_alive);
    // Tells why, and ends the connection: always false.
    awaitable<bool> refuse(Response refusal);
    std::string next_request_id();
    void log(const Request& request, const Response& response);
    void log_failed_handshake(error_code error);
    void log_bug(std::string_view event, const Request& request, const std::exception& bug);

    Stream stream_;
    boost::beast::flat_buffer buffer_;
    boost::asio::ip::tcp::endpoint peer_;
    boost::asio::ip::tcp::endpoint local_;
    boost::asio::ip::address share_;
    Connections& connections_;
    RequestReader* streamed_ = nullptr;  // the body that a handler may be reading
    Clock::time_point received_at_;
    Clock::time_point waiting_since_ = Clock::now();
    bool is_waiting_ = true;
};

}  // namespace hourglass::api

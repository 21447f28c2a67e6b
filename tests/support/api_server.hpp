// An API server on a thread of its own, without a store, and clients on sockets: what HTTP looks like from
// outside.
#pragma once

#include "api/server.hpp"
#include "store/store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <string>
#include <string_view>
#include <thread>

namespace hourglass::test {

using boost::asio::ip::tcp;

class SilentLog : public Log {
public:
    bool is_enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

inline tcp::endpoint any_port() {
    return {boost::asio::ip::address_v4::loopback(), 0};
}

// An API server on a thread of its own, drained at the end.
class RunningServer {
public:
    RunningServer()
        : secrets_(store::SecretBox::Key{}),
          store_(loop_, store::RedisAddress::parse("unix:///nonexistent/redis.sock"), secrets_, log_),
          server_(loop_, store_, settings(),
                  {.is_ready = [] { return true; }, .metrics = [](api::MetricsFormat) { return "# EOF\n"; }},
                  log_) {
        server_.start();
        thread_ = std::thread([this] { loop_.run(); });
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    ~RunningServer() {
        boost::asio::post(loop_, [this] { server_.drain([] {}); });
        thread_.join();
    }

    tcp::endpoint endpoint() const { return server_.endpoints().front(); }
    api::Server& server() { return server_; }

private:
    static api::Settings settings() {
        api::Settings made;
        made.listen = {any_port()};
        made.trusted_proxies = {boost::asio::ip::address_v4::loopback()};
        return made;
    }

    boost::asio::io_context loop_;
    SilentLog log_;
    store::SecretBox secrets_;
    store::Store store_;
    api::Server server_;
    std::thread thread_;
};

class Client {
public:
    explicit Client(const tcp::endpoint& server) : socket_(context_) { socket_.connect(server); }
    // From 127.0.0.`last_octet`.
    Client(const tcp::endpoint& server, unsigned char last_octet) : socket_(context_) {
        const boost::asio::ip::address_v4 source({127, 0, 0, last_octet});
        socket_.open(tcp::v4());
        socket_.bind({source, 0});
        socket_.connect(server);
    }

    void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
    void end() { socket_.shutdown(tcp::socket::shutdown_send); }
    std::string read_to_end() {
        std::string bytes;
        boost::system::error_code error;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(bytes), error);
        return bytes;
    }
    std::string read_until(std::string_view end) {
        std::string bytes;
        boost::asio::read_until(socket_, boost::asio::dynamic_buffer(bytes), std::string(end));
        return bytes;
    }

private:
    boost::asio::io_context context_;
    tcp::socket socket_;
};

// What a server with no other work says to these bytes, after which the client sends no more.
inline std::string replies_to(std::string_view bytes) {
    RunningServer running;
    Client client(running.endpoint());
    client.send(bytes);
    client.end();
    return client.read_to_end();
}

inline std::string status_of(std::string_view reply) {
    return reply.size() < 12 ? "none" : std::string(reply.substr(9, 3));
}

inline bool contains(std::string_view reply, std::string_view part) {
    return reply.find(part) != reply.npos;
}

inline std::size_t count(std::string_view reply, std::string_view part) {
    std::size_t found = 0;
    for (auto at = reply.find(part); at != reply.npos; at = reply.find(part, at + 1))
        ++found;
    return found;
}

inline std::string get(std::string_view target, std::string_view headers = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: gate.example\r\n" + std::string(headers) +
           "\r\n";
}

}  // namespace hourglass::test

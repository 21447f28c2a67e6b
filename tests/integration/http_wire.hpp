// HTTP as octets on one socket, for what no well-behaved client would send: the test writes the request as it
// likes, and sees every octet of the reply.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::test {

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

// nullptr if absent. The name in any case.
const std::string* find_header(const HeaderFields& headers, std::string_view name);

struct HttpReply {
    int status{};
    HeaderFields headers;
    std::string body;
};

// A request with these headers; Content-Length is added if there is a body, or none where one is usual.
std::string to_http(std::string_view method, std::string_view target, const HeaderFields& headers,
                    std::string_view body = {});

class HttpWire {
public:
    explicit HttpWire(std::uint16_t port);  // of 127.0.0.1
    ~HttpWire();
    HttpWire(HttpWire&& other) noexcept;
    HttpWire(const HttpWire&) = delete;
    HttpWire& operator=(const HttpWire&) = delete;

    void send(std::string_view octets) const;
    void finish_sending() const;  // as a client does that goes away in the middle
    // nullopt: the connection was closed before a whole reply. Throws if nothing comes within the time limit.
    std::optional<HttpReply> receive(bool is_head = false);
    // What comes within that time of a reply that has no end.
    std::string receive_for(std::chrono::milliseconds time);

private:
    bool read_more();
    bool read_to(std::size_t octets);
    std::optional<std::string> take(std::size_t octets);
    std::optional<std::string> take_line();
    std::optional<std::string> take_chunks();

    int socket_;
    std::string received_;  // and not yet taken
};

// A client that asks one thing after another, on one connection as long as the server lets it.
class HttpClient {
public:
    explicit HttpClient(std::uint16_t port) : port_(port) {}

    // nullopt: the connection was closed without a whole reply.
    std::optional<HttpReply> ask(std::string_view request, bool is_head = false);

private:
    std::uint16_t port_;
    std::optional<HttpWire> wire_;
};

}  // namespace hourglass::test

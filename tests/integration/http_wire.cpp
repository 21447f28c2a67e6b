#include "tests/integration/http_wire.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <strings.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::test {
namespace {

constexpr int reply_time_limit_ms = 20'000;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view header_end = "\r\n\r\n";

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::system_category(), what);
}

bool is_same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

HttpReply parse_header(std::string_view text) {
    HttpReply reply;
    reply.status = std::stoi(std::string(text.substr(text.find(' ') + 1, 3)));
    while (!text.empty()) {
        text.remove_prefix(std::min(text.find(line_end), text.size() - line_end.size()) + line_end.size());
        const auto line = text.substr(0, text.find(line_end));
        const auto colon = line.find(": ");
        if (colon != line.npos) reply.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return reply;
}

std::size_t body_octets(const HttpReply& reply, bool is_head) {
    const bool has_none = is_head || reply.status < 200 || reply.status == 204 || reply.status == 304;
    const auto* length = find_header(reply.headers, "Content-Length");
    return has_none || length == nullptr ? 0 : std::stoul(*length);
}

}  // namespace

const std::string* find_header(const HeaderFields& headers, std::string_view name) {
    const auto found =
        std::ranges::find_if(headers, [&](const auto& header) { return is_same_name(header.first, name); });
    return found == headers.end() ? nullptr : &found->second;
}

std::string to_http(std::string_view method, std::string_view target, const HeaderFields& headers,
                    std::string_view body) {
    auto request = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    for (const auto& [name, value] : headers)
        request += name + ": " + value + "\r\n";
    const bool usually_has_body = method == "POST" || method == "PUT" || method == "PATCH";
    if (!body.empty() || usually_has_body)
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return request + "\r\n" + std::string(body);
}

HttpWire::HttpWire(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) fail("connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

HttpWire::~HttpWire() {
    if (socket_ >= 0) close(socket_);
}

HttpWire::HttpWire(HttpWire&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

void HttpWire::send(std::string_view octets) const {
    while (!octets.empty()) {
        const auto sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
        // The server may refuse and close before it has read all: what it said is still to be read.
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
        if (sent < 0) fail("send");
        octets.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void HttpWire::finish_sending() const {
    shutdown(socket_, SHUT_WR);
}

bool HttpWire::read_more() {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, reply_time_limit_ms) <= 0) throw std::runtime_error("no reply, and no end of it");
    std::array<char, 16'384> octets{};
    const auto count = recv(socket_, octets.data(), octets.size(), 0);
    if (count <= 0) return false;
    received_.append(octets.data(), static_cast<std::size_t>(count));
    return true;
}

bool HttpWire::read_to(std::size_t octets) {
    while (received_.size() < octets) {
        if (!read_more()) return false;
    }
    return true;
}

std::optional<std::string> HttpWire::take(std::size_t octets) {
    if (!read_to(octets)) return std::nullopt;
    auto taken = received_.substr(0, octets);
    received_.erase(0, octets);
    return taken;
}

std::optional<std::string> HttpWire::take_line() {
    while (received_.find(line_end) == received_.npos) {
        if (!read_more()) return std::nullopt;
    }
    auto line = take(received_.find(line_end) + line_end.size());
    line->resize(line->size() - line_end.size());
    return line;
}

// RFC 9112 section 7.1, of a server that sends neither extensions nor trailers.
std::optional<std::string> HttpWire::take_chunks() {
    std::string body;
    while (true) {
        const auto size = take_line();
        const auto octets = size ? std::stoul(*size, nullptr, 16) : 0;
        auto chunk = size ? take(octets) : std::nullopt;
        if (!chunk || !take_line()) return std::nullopt;
        if (octets == 0) return body;
        body += *chunk;
    }
}

std::optional<HttpReply> HttpWire::receive(bool is_head) {
    while (received_.find(header_end) == received_.npos) {
        if (!read_more()) return std::nullopt;
    }
    auto reply = parse_header(*take(received_.find(header_end) + header_end.size()));
    const bool is_chunked = !is_head && find_header(reply.headers, "Transfer-Encoding") != nullptr;
    auto body = is_chunked ? take_chunks() : take(body_octets(reply, is_head));
    if (!body) return std::nullopt;
    reply.body = *std::move(body);
    return reply;
}

std::string HttpWire::receive_for(std::chrono::milliseconds time) {
    const auto deadline = std::chrono::steady_clock::now() + time;
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
        const bool is_over = left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) <= 0;
        if (is_over || !read_more()) return std::exchange(received_, {});
    }
}

std::optional<HttpReply> HttpClient::ask(std::string_view request, bool is_head) {
    if (!wire_) wire_.emplace(port_);
    wire_->send(request);
    auto reply = wire_->receive(is_head);
    const auto* connection = reply ? find_header(reply->headers, "Connection") : nullptr;
    if (!reply || (connection != nullptr && *connection == "close")) wire_.reset();
    return reply;
}

}  // namespace hourglass::test

// HTTP to one daemon, under TLS for https URLs: one request at a time on one connection, which is kept for
// the next. Every wait has a limit.
#pragma once

#include "cli/url.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/verb.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace hourglass::cli {

inline constexpr std::chrono::seconds connect_timeout{5};
inline constexpr std::chrono::seconds response_timeout{30};
inline constexpr std::chrono::seconds silence_timeout{45};  // three heartbeats of an event stream
inline constexpr std::uint64_t response_body_octets_max = 16 << 20;

struct HttpRequest {
    boost::beast::http::verb method = boost::beast::http::verb::get;
    std::string target;
    std::optional<std::string> body{};  // JSON
    std::optional<std::string> idempotency_key{};
};

struct HttpResponse {
    unsigned status{};
    std::string content_type;
    std::string body;
};

struct Transfer;

class HttpClient {
public:
    // `ca_file`: the certificates an https URL is vouched for by; none: those this machine trusts. Throws
    // Failure if it cannot be read.
    HttpClient(Url url, std::optional<std::string> token, const std::optional<std::string>& ca_file);

    // Throws Failure(unreachable) if no whole answer came in time.
    HttpResponse send(const HttpRequest& request);
    // The same for bodies too long to hold, see http_transfer.hpp. On a connection of its own, and once.
    HttpResponse transfer(const Transfer& transfer);

    using TakePiece = std::function<void(std::string_view piece)>;
    // Hands on the body of a reply of status 200 as it comes; what comes back has the head alone, or the
    // whole refusal. Throws Failure(unreachable) when nothing came for so long that there is no daemon.
    HttpResponse follow(const HttpRequest& request, const TakePiece& take);

private:
    boost::asio::awaitable<void> write(HttpRequest request);
    boost::asio::awaitable<HttpResponse> exchange_following(HttpRequest request, const TakePiece& take);
    boost::asio::awaitable<void> connect();
    boost::asio::awaitable<void> shake_hands();
    boost::asio::awaitable<HttpResponse> exchange(HttpRequest request);
    boost::asio::awaitable<HttpResponse> exchange_pieces(const Transfer& transfer);
    HttpResponse run(boost::asio::awaitable<HttpResponse> task);
    void disconnect();

    Url url_;
    std::optional<std::string> token_;
    boost::asio::io_context loop_{1};
    boost::asio::ssl::context trust_{boost::asio::ssl::context::tls_client};
    std::optional<boost::beast::tcp_stream> stream_;                          // none: not connected
    std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;  // of an https URL
    boost::beast::flat_buffer buffer_;
};

}  // namespace hourglass::cli

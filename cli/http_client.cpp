#include "cli/http_client.hpp"

#include "cli/failure.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/http.hpp>

namespace hourglass::cli {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;

HttpClient::HttpClient(Url url, std::optional<std::string> token)
    : url_(std::move(url)), token_(std::move(token)) {}

HttpResponse HttpClient::send(const HttpRequest& request) {
    const bool was_connected = stream_.has_value();
    try {
        try {
            return run(exchange(request));
        } catch (const boost::system::system_error&) {
            // A kept connection may have been closed by the daemon meanwhile; reading twice does no harm.
            if (!was_connected || request.method != http::verb::get) throw;
            return run(exchange(request));
        }
    } catch (const boost::system::system_error& error) {
        explain(error);
    }
}

HttpResponse HttpClient::follow(const HttpRequest& request, const TakePiece& take) {
    try {
        stream_.reset();
        return run(exchange_following(request, take));
    } catch (const boost::system::system_error& error) {
        explain(error);
    }
}

void HttpClient::explain(const boost::system::system_error& error) const {
    const bool is_late = error.code() == boost::beast::error::timeout;
    throw Failure(ExitStatus::unreachable,
                  "No answer from http://" + url_.authority() + ": " +
                      (is_late ? "the time limit passed" : error.code().message()) + ".",
                  "Is hourglassd running there (systemctl status hourglassd)? Another address is named by "
                  "--url or HOURGLASS_URL.");
}

HttpResponse HttpClient::run(asio::awaitable<HttpResponse> exchange) {
    loop_.restart();
    auto response = asio::co_spawn(loop_, std::move(exchange), asio::use_future);
    loop_.run();
    try {
        return response.get();
    } catch (...) {
        stream_.reset();
        throw;
    }
}

asio::awaitable<void> HttpClient::connect() {
    asio::ip::tcp::resolver resolver(loop_);
    const auto endpoints = co_await resolver.async_resolve(url_.host, url_.port, use_awaitable);
    buffer_.clear();
    stream_.emplace(loop_);
    stream_->expires_after(connect_timeout);
    co_await stream_->async_connect(endpoints, use_awaitable);
}

asio::awaitable<void> HttpClient::write(HttpRequest request) {
    if (!stream_) co_await connect();

    http::request<http::string_body> message(request.method, request.target, 11);
    message.set(http::field::host, url_.authority());
    message.set(http::field::user_agent, "hourglass/" HOURGLASS_VERSION);
    message.set(http::field::accept, "*/*");
    if (token_) message.set(http::field::authorization, "Bearer " + *token_);
    if (request.idempotency_key) message.set("Idempotency-Key", *request.idempotency_key);
    if (request.body) {
        message.set(http::field::content_type, "application/json");
        message.body() = *request.body;
    }
    message.prepare_payload();

    stream_->expires_after(response_timeout);
    co_await http::async_write(*stream_, message, use_awaitable);
}

asio::awaitable<HttpResponse> HttpClient::exchange(HttpRequest request) {
    co_await write(std::move(request));
    http::response_parser<http::string_body> parser;
    parser.body_limit(response_body_octets_max);
    co_await http::async_read(*stream_, buffer_, parser, use_awaitable);

    auto& response = parser.get();
    HttpResponse answer{.status = response.result_int(),
                        .content_type = std::string(response[http::field::content_type]),
                        .body = std::move(response.body())};
    if (!response.keep_alive()) stream_.reset();
    co_return answer;
}

asio::awaitable<HttpResponse> HttpClient::exchange_following(HttpRequest request, const TakePiece& take) {
    co_await write(std::move(request));
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    co_await http::async_read_header(*stream_, buffer_, parser, use_awaitable);

    auto& body = parser.get().body();
    HttpResponse answer{.status = parser.get().result_int(),
                        .content_type = std::string(parser.get()[http::field::content_type]),
                        .body = {}};
    std::array<char, 16 * 1024> piece{};
    while (!parser.is_done()) {
        body.data = piece.data();
        body.size = piece.size();
        stream_->expires_after(silence_timeout);
        const auto [error, octets] =
            co_await http::async_read_some(*stream_, buffer_, parser, asio::as_tuple(use_awaitable));
        if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
        const std::string_view read(piece.data(), piece.size() - body.size);
        if (answer.status == 200) {
            take(read);
        } else if (answer.body.size() + read.size() <= response_body_octets_max) {
            answer.body += read;
        }
    }
    stream_.reset();
    co_return answer;
}

}  // namespace hourglass::cli

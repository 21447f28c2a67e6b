#include "cli/http_client.hpp"

#include "cli/failure.hpp"
#include "cli/http_transfer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/http.hpp>

namespace hourglass::cli {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;

namespace {

Failure no_answer(const Url& url, boost::system::error_code error) {
    const bool is_late = error == boost::beast::error::timeout;
    return {ExitStatus::unreachable,
            "No answer from http://" + url.authority() + ": " +
                (is_late ? "the time limit passed" : error.message()) + ".",
            "Is hourglassd running there (systemctl status hourglassd)? Another address is named by "
            "--url or HOURGLASS_URL."};
}

}  // namespace

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
        throw no_answer(url_, error.code());
    }
}

HttpResponse HttpClient::transfer(const Transfer& transfer) {
    stream_.reset();
    try {
        auto response = run(exchange_pieces(transfer));
        stream_.reset();
        return response;
    } catch (const boost::system::system_error& error) {
        const bool was_cut_short = error.code() == http::error::partial_message;
        if (!was_cut_short) throw no_answer(url_, error.code());
        throw Failure(ExitStatus::unavailable,
                      "The answer was cut short: what came before it is not all there is.",
                      "hourglass status says more; so does the daemon's log (journalctl -u hourglassd).");
    }
}

HttpResponse HttpClient::run(asio::awaitable<HttpResponse> task) {
    loop_.restart();
    auto response = asio::co_spawn(loop_, std::move(task), asio::use_future);
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

asio::awaitable<HttpResponse> HttpClient::exchange(HttpRequest request) {
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

asio::awaitable<HttpResponse> HttpClient::exchange_pieces(const Transfer& transfer) {
    co_await connect();
    http::request<http::empty_body> header(transfer.request.method, transfer.request.target, 11);
    header.set(http::field::host, url_.authority());
    header.set(http::field::user_agent, "hourglass/" HOURGLASS_VERSION);
    header.set(http::field::accept, "*/*");
    header.set(http::field::connection, "close");
    if (token_) header.set(http::field::authorization, "Bearer " + *token_);
    if (transfer.upload) {
        header.set(http::field::content_type, transfer.content_type);
        header.chunked(true);
    }
    co_return co_await hourglass::cli::exchange(*stream_, buffer_, std::move(header), transfer);
}

}  // namespace hourglass::cli

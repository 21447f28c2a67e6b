#include "cli/http_client.hpp"

#include "cli/failure.hpp"
#include "cli/http_transfer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/http.hpp>
#include <openssl/x509_vfy.h>

namespace hourglass::cli {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;

namespace {

Failure no_answer(const Url& url, boost::system::error_code error) {
    const bool is_late = error == boost::beast::error::timeout;
    return {
        ExitStatus::unreachable,
        "No answer from " + url.origin() + ": " + (is_late ? "the time limit passed" : error.message()) + ".",
        "Is hourglassd running there (systemctl status hourglassd)? Another address is named by "
        "--url or HOURGLASS_URL."};
}

constexpr auto trust_advice =
    "The certificate that vouches for the daemon is named by --ca-file or HOURGLASS_CA_FILE.";

bool is_address(const std::string& host) {
    boost::system::error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

}  // namespace

HttpClient::HttpClient(Url url, std::optional<std::string> token, const std::optional<std::string>& ca_file)
    : url_(std::move(url)), token_(std::move(token)) {
    if (!url_.is_encrypted) return;
    trust_.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(trust_.native_handle(), TLS1_2_VERSION);
    boost::system::error_code error;
    if (ca_file) {
        trust_.load_verify_file(*ca_file, error);
    } else {
        trust_.set_default_verify_paths();
    }
    if (error) throw Failure(ExitStatus::usage, *ca_file + ": no certificate can be read from this file.");
}

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

HttpResponse HttpClient::follow(const HttpRequest& request, const TakePiece& take) {
    try {
        disconnect();
        return run(exchange_following(request, take));
    } catch (const boost::system::system_error& error) {
        throw no_answer(url_, error.code());
    }
}

HttpResponse HttpClient::transfer(const Transfer& transfer) {
    disconnect();
    try {
        auto response = run(exchange_pieces(transfer));
        disconnect();
        return response;
    } catch (const boost::system::system_error& error) {
        const bool was_cut_short = error.code() == http::error::partial_message ||
                                   error.code() == asio::ssl::error::stream_truncated;
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
        disconnect();
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
    if (url_.is_encrypted) co_await shake_hands();
}

// A connection that is not who it says it is gets nothing of us, least of all the token.
asio::awaitable<void> HttpClient::shake_hands() {
    tls_.emplace(*stream_, trust_);
    auto* const handle = tls_->native_handle();
    if (is_address(url_.host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), url_.host.c_str());
    } else {
        SSL_set_tlsext_host_name(handle, url_.host.c_str());
        SSL_set1_host(handle, url_.host.c_str());
    }
    const auto [error] =
        co_await tls_->async_handshake(asio::ssl::stream_base::client, asio::as_tuple(use_awaitable));
    const auto verified = SSL_get_verify_result(handle);
    if (verified != X509_V_OK) {
        throw Failure(ExitStatus::unreachable,
                      "The certificate of " + url_.origin() +
                          " is not trusted: " + X509_verify_cert_error_string(verified) + ".",
                      trust_advice);
    }
    if (error) throw boost::system::system_error(error);
}

void HttpClient::disconnect() {
    tls_.reset();
    stream_.reset();
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
    auto written = tls_ ? http::async_write(*tls_, message, use_awaitable)
                        : http::async_write(*stream_, message, use_awaitable);
    co_await std::move(written);
}

asio::awaitable<HttpResponse> HttpClient::exchange(HttpRequest request) {
    co_await write(std::move(request));
    http::response_parser<http::string_body> parser;
    parser.body_limit(response_body_octets_max);
    auto read = tls_ ? http::async_read(*tls_, buffer_, parser, use_awaitable)
                     : http::async_read(*stream_, buffer_, parser, use_awaitable);
    co_await std::move(read);

    auto& response = parser.get();
    HttpResponse answer{.status = response.result_int(),
                        .content_type = std::string(response[http::field::content_type]),
                        .body = std::move(response.body())};
    if (!response.keep_alive()) disconnect();
    co_return answer;
}

asio::awaitable<HttpResponse> HttpClient::exchange_following(HttpRequest request, const TakePiece& take) {
    co_await write(std::move(request));
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    auto head = tls_ ? http::async_read_header(*tls_, buffer_, parser, use_awaitable)
                     : http::async_read_header(*stream_, buffer_, parser, use_awaitable);
    co_await std::move(head);

    auto& body = parser.get().body();
    HttpResponse answer{.status = parser.get().result_int(),
                        .content_type = std::string(parser.get()[http::field::content_type]),
                        .body = {}};
    std::array<char, 16 * 1024> piece{};
    while (!parser.is_done()) {
        body.data = piece.data();
        body.size = piece.size();
        stream_->expires_after(silence_timeout);
        constexpr auto outcome = asio::as_tuple(use_awaitable);
        auto some = tls_ ? http::async_read_some(*tls_, buffer_, parser, outcome)
                         : http::async_read_some(*stream_, buffer_, parser, outcome);
        const auto [error, octets] = co_await std::move(some);
        if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
        const std::string_view read(piece.data(), piece.size() - body.size);
        if (answer.status == 200) {
            take(read);
        } else if (answer.body.size() + read.size() <= response_body_octets_max) {
            answer.body += read;
        }
    }
    disconnect();
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
    stream_->expires_never();
    auto exchanged = tls_ ? hourglass::cli::exchange(*tls_, buffer_, std::move(header), transfer)
                          : hourglass::cli::exchange(*stream_, buffer_, std::move(header), transfer);
    co_return co_await std::move(exchanged);
}

}  // namespace hourglass::cli

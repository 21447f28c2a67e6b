#include "api/connection.hpp"

#include "api/dispatch.hpp"
#include "api/framing.hpp"
#include "api/limits.hpp"
#include "api/problem.hpp"
#include "api/text.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <ctime>
#include <sstream>

namespace hourglass::api {
namespace {

using boost::asio::ip::tcp;
constexpr auto as_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr std::size_t read_octets = 4096;

// IMF-fixdate (RFC 9110 section 5.6.7).
std::string http_date() {
    const auto now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 40> text{};
    const auto length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return {text.data(), length};
}

std::string show(const tcp::endpoint& endpoint) {
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

bool has_no_body(http::status status) {
    return status == http::status::no_content || status == http::status::not_modified;
}

http::response<http::string_body> to_message(const Request& request, Response response, bool keep_alive) {
    http::response<http::string_body> message(response.status, request.message.version());
    message.set(http::field::date, http_date());
    message.set("X-Request-Id", request.id);
    for (const auto& [name, value] : response.headers)
        message.set(name, value);
    if (!response.body.empty()) message.set(http::field::content_type, response.content_type);
    if (!has_no_body(response.status)) message.content_length(response.body.size());
    message.keep_alive(keep_alive);
    message.body() = std::move(response.body);
    return message;
}

}  // namespace

Connection::Connection(tcp::socket socket, Connections& connections)
    : stream_(std::move(socket)), buffer_(buffer_octets_max), connections_(connections) {
    boost::system::error_code gone;
    peer_ = stream_.socket().remote_endpoint(gone);
    local_ = stream_.socket().local_endpoint(gone);
    stream_.socket().set_option(tcp::no_delay(true), gone);
}

awaitable<void> Connection::serve() {
    while (co_await wait_for_request()) {
        auto received = co_await receive();
        if (!received) {
            co_await send_refusal(std::move(received).error());
            co_return co_await linger();
        }
        if (!*received) co_return;

        const auto request = **std::move(received);
        auto response = co_await answer_safely(request);
        const bool keep_alive = request.message.keep_alive() && !connections_.is_draining;
        const bool is_sent = co_await send(request, std::move(response), keep_alive);
        if (!is_sent) co_return;
        if (!keep_alive) co_return co_await linger();
    }
}

void Connection::close_if_idle() {
    if (is_idle_) stream_.cancel();
}

// Some clients send an empty line after a body (RFC 9112 section 2.2).
void Connection::skip_empty_lines() {
    const auto text = [&] {
        return std::string_view(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
    };
    while (text().starts_with("\r\n")) {
        buffer_.consume(2);
    }
}

awaitable<bool> Connection::wait_for_request() {
    skip_empty_lines();
    stream_.expires_after(idle_time_max);
    while (buffer_.size() == 0) {  // else pipelined
        if (connections_.is_draining) co_return false;
        is_idle_ = true;
        const auto [error, octets] = co_await stream_.async_read_some(buffer_.prepare(read_octets), as_tuple);
        is_idle_ = false;
        if (error) co_return false;
        buffer_.commit(octets);
        skip_empty_lines();
    }
    co_return true;
}

awaitable<Checked<std::optional<Request>>> Connection::receive() {
    received_at_ = Clock::now();
    const auto refuse = [](boost::system::error_code error) -> Checked<std::optional<Request>> {
        if (auto refusal = refusal_of(error)) return *std::move(refusal);
        return std::optional<Request>{};
    };

    Parser parser;
    parser.header_limit(header_octets_max);
    parser.body_limit(body_octets_max);
    stream_.expires_after(header_time_max);
    const auto [header_error, header_octets] =
        co_await http::async_read_header(stream_, buffer_, parser, as_tuple);
    if (header_error) co_return refuse(header_error);
    if (auto refusal = refusal_of(parser.get().base())) co_return *std::move(refusal);

    if (!parser.is_done()) {
        stream_.expires_after(body_time_max);
        if (expects_continue(parser.get().base())) {
            const http::response<http::empty_body> go_on(http::status::continue_, 11);
            const auto [error, octets] = co_await http::async_write(stream_, go_on, as_tuple);
            if (error) co_return std::optional<Request>{};
        }
        const auto [body_error, body_octets] = co_await http::async_read(stream_, buffer_, parser, as_tuple);
        if (body_error) co_return refuse(body_error);
    }
    stream_.expires_never();
    co_return std::optional(to_request(parser.release()));
}

Request Connection::to_request(http::request<http::string_body> message) {
    Request request;
    request.peer = peer_.address();
    request.id =
        is_request_id(message["X-Request-Id"]) ? std::string(message["X-Request-Id"]) : next_request_id();
    const std::string host(message[http::field::host]);
    request.authority = host.empty() ? show(local_) : host;

    const auto& proxies = connections_.environment.settings.trusted_proxies;
    if (std::ranges::find(proxies, request.peer) != proxies.end()) {
        const std::string_view forwarded_host = message["X-Forwarded-Host"];
        if (is_authority(forwarded_host)) request.authority = forwarded_host;
        if (equals_ignoring_case(message["X-Forwarded-Proto"], "https")) request.scheme = "https";
    }
    request.message = std::move(message);
    return request;
}

awaitable<Response> Connection::answer_safely(const Request& request) {
    try {
        co_return co_await answer(request, connections_.environment);
    } catch (const std::exception& bug) {
        connections_.environment.log.error("request failed",
                                           {
                                               {"request_id", request.id},
                                               {"error",      bug.what()}
        });
    }
    co_return problem(http::status::internal_server_error, "Internal server error.");
}

awaitable<bool> Connection::send(const Request& request, Response response, bool keep_alive) {
    connections_.counters.count_reply(static_cast<unsigned>(response.status));
    log(request, response);

    auto message = to_message(request, std::move(response), keep_alive);
    http::response_serializer<http::string_body> serializer(message);
    stream_.expires_after(write_time_max);
    if (request.message.method() == http::verb::head) {
        const auto [error, octets] = co_await http::async_write_header(stream_, serializer, as_tuple);
        co_return !error;
    }
    const auto [error, octets] = co_await http::async_write(stream_, serializer, as_tuple);
    co_return !error;
}

awaitable<void> Connection::send_refusal(Response refusal) {
    Request unread;
    unread.id = next_request_id();
    co_await send(unread, std::move(refusal), false);
}

awaitable<void> Connection::linger() {
    boost::system::error_code gone;
    stream_.socket().shutdown(tcp::socket::shutdown_send, gone);
    if (gone) co_return;

    stream_.expires_after(linger_time_max);
    buffer_.clear();
    for (std::size_t total = 0; total < linger_octets_max;) {
        const auto [error, octets] = co_await stream_.async_read_some(buffer_.prepare(read_octets), as_tuple);
        if (error) co_return;
        total += octets;
    }
}

std::string Connection::next_request_id() {
    return connections_.request_id_prefix + "-" + std::to_string(++connections_.requests);
}

void Connection::log(const Request& request, const Response& response) {
    auto& target = connections_.environment.log;
    if (!target.is_enabled(LogLevel::info)) return;
    // Without the query: it may name persons.
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - received_at_);
    const auto status = std::to_string(static_cast<unsigned>(response.status));
    const auto cause = response.cause ? response.cause.message() : std::string();
    target.info("request", {
                               {"request_id",   request.id                     },
                               {"peer",         peer_.address().to_string()    },
                               {"method",       request.message.method_string()},
                               {"path",         request.path()                 },
                               {"status",       status                         },
                               {"cause",        cause                          },
                               {"microseconds", std::to_string(took.count())   }
    });
}

}  // namespace hourglass::api

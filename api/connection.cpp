#include "api/connection.hpp"

#include "api/dispatch.hpp"
#include "api/framing.hpp"
#include "api/limits.hpp"
#include "api/peer.hpp"
#include "api/problem.hpp"
#include "api/reply_writer.hpp"
#include "api/routes.hpp"
#include "api/text.hpp"

#include <sstream>

namespace hourglass::api {
namespace {

using boost::asio::ip::tcp;

std::string show(const tcp::endpoint& endpoint) {
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

}  // namespace

Connection::Connection(tcp::socket socket, boost::asio::ssl::context* tls, Connections& connections)
    : stream_(std::move(socket), tls), buffer_(buffer_octets_max), connections_(connections) {
    error_code gone;
    peer_ = stream_.socket().remote_endpoint(gone);
    local_ = stream_.socket().local_endpoint(gone);
    share_ = share_of(peer_.address());
}

awaitable<void> Connection::serve() {
    if (stream_.is_encrypted()) {
        const auto error = co_await stream_.handshake(Clock::now() + handshake_time_max);
        if (error) co_return log_failed_handshake(error);
    }
    while (co_await wait_for_request()) {
        const bool goes_on = co_await serve_request();
        if (!goes_on) co_return;
    }
}

std::optional<Stream::Clock::time_point> Connection::waiting_since() const {
    return is_waiting_ ? std::optional(waiting_since_) : std::nullopt;
}

void Connection::drop() {
    is_waiting_ = false;
    error_code ignored;
    stream_.socket().close(ignored);
}

void Connection::drain() {
    if (is_waiting_) stream_.cancel_read();
    if (streamed_ != nullptr) streamed_->stop();
}

// Some clients send an empty line after a body (RFC 9112 section 2.2). False: nothing else has come.
bool Connection::has_request() {
    const auto text = [&] {
        return std::string_view(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
    };
    while (text().starts_with("\r\n"))
        buffer_.consume(2);
    return !text().empty() && text() != "\r";
}

awaitable<bool> Connection::wait_for_request() {
    waiting_since_ = Clock::now();
    is_waiting_ = true;
    const auto deadline = waiting_since_ + idle_time_max;
    while (!has_request()) {  // else pipelined
        if (connections_.is_draining) co_return false;
        const auto arrived = co_await stream_.read_some(buffer_.prepare(read_octets_max), deadline);
        if (arrived.error) co_return false;
        buffer_.commit(arrived.octets);
    }
    co_return true;
}

awaitable<bool> Connection::serve_request() {
    received_at_ = Clock::now();
    RequestReader reader(stream_, buffer_);
    auto header = co_await reader.read_header();
    is_waiting_ = false;
    if (!header) co_return co_await refuse(std::move(header).error());
    if (!*header) co_return false;

    auto request = to_request((*std::move(header))->fields);
    const bool is_streamed =
        reader.has_body() && body_kind(request.message.method(), request.path()) == BodyKind::streamed;
    if (reader.has_body() && !is_streamed) {
        auto body = co_await reader.read_whole();
        if (!body) co_return co_await refuse(std::move(body).error());
        request.message.body() = *std::move(body);
    }

    if (is_streamed) streamed_ = &reader;
    const auto response = co_await answer_safely(request, reader);
    if (response.produce) co_await reader.invite();  // or it would come behind the reply's header
    const bool may_follow =
        response.produce ? request.message.version() >= chunked_since_version : reader.is_at_end();
    const bool keep_alive = request.message.keep_alive() && may_follow && !connections_.is_draining;
    const bool is_sent = co_await send(request, response, keep_alive);
    streamed_ = nullptr;
    if (!is_sent) co_return false;
    if (keep_alive && reader.is_at_end()) co_return true;
    co_await stream_.end(linger_time_max, linger_octets_max);
    co_return false;
}

Request Connection::to_request(http::request_header<> header) {
    Request request;
    request.peer = peer_.address();
    request.id =
        is_request_id(header["X-Request-Id"]) ? std::string(header["X-Request-Id"]) : next_request_id();
    const std::string_view absolute = authority_of(header.target());
    const std::string_view host = absolute.empty() ? std::string_view(header[http::field::host]) : absolute;
    request.authority = host.empty() ? show(local_) : host;
    if (stream_.is_encrypted()) request.scheme = "https";

    const auto& proxies = connections_.environment.settings.trusted_proxies;
    request.client = client_address(request.peer, header, proxies);
    if (is_trusted(request.peer, proxies)) {
        const std::string_view forwarded_host = header["X-Forwarded-Host"];
        if (is_authority(forwarded_host)) request.authority = forwarded_host;
        if (equals_ignoring_case(header["X-Forwarded-Proto"], "https")) request.scheme = "https";
    }
    request.message = http::request<http::string_body>(std::move(header));
    return request;
}

awaitable<Response> Connection::answer_safely(const Request& request, RequestReader& body) {
    try {
        co_return co_await answer(request, body, connections_.environment);
    } catch (const std::exception& bug) {
        log_bug("request failed", request, bug);
    }
    co_return problem(http::status::internal_server_error, "Internal server error.");
}

awaitable<bool> Connection::send(const Request& request, const Response& response, bool keep_alive) {
    const ReplyForm form{
        .version = request.message.version(),
        .is_head = request.message.method() == http::verb::head,
        .keep_alive = keep_alive,
        .request_id = request.id,
    };
    connections_.counters.count_reply(response.route, static_cast<unsigned>(response.status));
    if (!response.produce) log(request, response);

    ReplyWriter writer(stream_, form, connections_.is_draining);
    bool is_sent = false;
    try {
        is_sent = co_await writer.send(response);
    } catch (const std::exception& bug) {
        log_bug("reply failed", request, bug);
    }
    if (response.produce)
        log(request, response);
    else
        connections_.counters.note_time(response.route, Clock::now() - received_at_);
    co_return is_sent;
}

awaitable<bool> Connection::refuse(Response refusal) {
    Request unread;
    unread.id = next_request_id();
    unread.client = peer_.address();
    const bool is_sent = co_await send(unread, refusal, false);
    if (is_sent) co_await stream_.end(linger_time_max, linger_octets_max);
    co_return false;
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
    const auto token = response.token == 0 ? std::string() : std::to_string(response.token);
    const auto cause = response.cause ? response.cause.message() : std::string();
    target.info("request", {
                               {"request_id",   request.id                     },
                               {"peer",         request.client.to_string()     },
                               {"method",       request.message.method_string()},
                               {"path",         request.path()                 },
                               {"token",        token                          },
                               {"status",       status                         },
                               {"cause",        cause                          },
                               {"microseconds", std::to_string(took.count())   }
    });
}

void Connection::log_failed_handshake(error_code error) {
    auto& target = connections_.environment.log;
    if (!target.is_enabled(LogLevel::debug)) return;
    target.debug("TLS handshake failed",
                 {
                     {"peer",  peer_.address().to_string()},
                     {"error", error.message()            }
    });
}

void Connection::log_bug(std::string_view event, const Request& request, const std::exception& bug) {
    connections_.environment.log.error(event, {
                                                  {"request_id", request.id},
                                                  {"error",      bug.what()}
    });
}

}  // namespace hourglass::api

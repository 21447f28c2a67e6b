#include "store/redis_transport.hpp"

#include "store/error.hpp"
#include "store/scripts.hpp"

#include <boost/asio.hpp>

#include <poll.h>

namespace hourglass::store {
namespace asio = boost::asio;

namespace {
constexpr auto as_tuple_awaitable = asio::as_tuple(asio::use_awaitable);
}

RedisTransport::RedisTransport(asio::io_context& loop, RedisAddress address, Log& log)
    : address_(std::move(address)),
      log_(log),
      socket_(loop),
      resolver_(loop),
      limit_timer_(loop),
      is_opening_(std::make_shared<bool>(false)) {}

awaitable<error_code> RedisTransport::open(std::chrono::milliseconds limit) {
    reader_.emplace();
    close_after(limit);
    auto failure = co_await connect();
    if (!failure) failure = co_await greet();
    *is_opening_ = false;
    limit_timer_.cancel();
    co_return failure;
}

void RedisTransport::close() {
    error_code ignored;
    socket_.close(ignored);
    resolver_.cancel();
    limit_timer_.cancel();
}

void RedisTransport::close_after(std::chrono::milliseconds limit) {
    *is_opening_ = true;
    limit_timer_.expires_after(limit);
    limit_timer_.async_wait([this, is_opening = is_opening_](error_code cancelled) {
        if (!cancelled && *is_opening) close();
    });
}

awaitable<error_code> RedisTransport::connect() {
    if (address_.unix_path.empty()) co_return co_await connect_tcp();
    const asio::local::stream_protocol::endpoint endpoint(address_.unix_path);
    const auto [ec] = co_await socket_.async_connect(endpoint, as_tuple_awaitable);
    co_return ec;
}

awaitable<error_code> RedisTransport::connect_tcp() {
    const auto port = std::to_string(address_.port);
    const auto [unresolved, endpoints] =
        co_await resolver_.async_resolve(address_.host, port, as_tuple_awaitable);
    if (unresolved) co_return unresolved;

    error_code ec = asio::error::host_not_found;
    for (const auto& entry : endpoints) {
        error_code ignored;
        socket_.close(ignored);
        const auto [refused] = co_await socket_.async_connect(entry.endpoint(), as_tuple_awaitable);
        ec = refused;
        if (!ec || ec == asio::error::operation_aborted) break;
    }
    if (!ec) socket_.set_option(asio::ip::tcp::no_delay(true), ec);
    co_return ec;
}

Pipeline RedisTransport::greeting() const {
    Pipeline commands;
    if (!address_.username.empty())
        commands.add({"AUTH", address_.username, address_.password});
    else if (!address_.password.empty())
        commands.add({"AUTH", address_.password});
    if (address_.database != 0) commands.add({"SELECT", std::to_string(address_.database)});
    for (const auto* script : scripts::all())
        commands.add({"SCRIPT", "LOAD", script->body});
    return commands;
}

awaitable<error_code> RedisTransport::greet() {
    const auto commands = greeting();
    const auto [unsent, octets] =
        co_await asio::async_write(socket_, asio::buffer(commands.bytes()), as_tuple_awaitable);
    if (unsent) co_return unsent;

    for (std::size_t missing = commands.size(); missing > 0;) {
        const auto reply = next_reply();
        if (!reply) co_return reply.error();
        if (!*reply) {
            if (const auto ec = co_await receive()) co_return ec;
            continue;
        }
        if ((*reply)->is_error()) {
            log_.error("Redis refused the connection",
                       {
                           {"address", address_.describe()},
                           {"error",   (*reply)->text()   }
            });
            co_return Error::unavailable;
        }
        --missing;
    }
    co_return error_code{};
}

awaitable<error_code> RedisTransport::receive() {
    const auto [ec, octets] = co_await socket_.async_read_some(asio::buffer(received_), as_tuple_awaitable);
    if (!ec) reader_->feed({received_.data(), octets});
    co_return ec;
}

bool RedisTransport::has_hung_up() {
    pollfd socket{.fd = socket_.native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&socket, 1, 0) != 0;
}

result<std::size_t> RedisTransport::receive_now() {
    error_code ec;
    socket_.non_blocking(true, ec);
    const auto octets = socket_.read_some(asio::buffer(received_), ec);
    if (ec) return ec;
    reader_->feed({received_.data(), octets});
    return octets;
}

result<std::optional<Reply>> RedisTransport::next_reply() {
    auto reply = reader_->next();
    if (!reply) {
        log_.error("Redis sent what is not RESP", {
                                                      {"error", reader_->mistake()}
        });
    }
    return reply;
}

}  // namespace hourglass::store

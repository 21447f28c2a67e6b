#include "store/snapshot.hpp"

#include "store/error.hpp"

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>

namespace hourglass::store {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds connect_limit{5};

}  // namespace

Snapshot::Snapshot(asio::io_context& loop, RedisAddress address, Log& log)
    : transport_(loop, std::move(address), log), log_(log), received_(RedisTransport::read_octets, '\0') {}

awaitable<result<void>> Snapshot::begin() {
    const auto unopened = co_await transport_.open(connect_limit);
    if (unopened) co_return unopened;

    // Without a stream of writes behind the data, which nobody would read; Redis before 7.0 does not know it.
    const auto without_writes = co_await ask({"REPLCONF", "rdb-only", "1"});
    if (!without_writes) co_return without_writes.error();
    const auto with_mark = co_await ask({"REPLCONF", "capa", "eof"});
    if (!with_mark) co_return with_mark.error();
    const auto sent = co_await send(Pipeline().add({"SYNC"}));
    if (!sent) co_return sent.error();

    while (!stream_.has_begun()) {
        auto data = co_await receive(begin_limit);
        if (!data) co_return data.error();
        first_ += *data;
    }
    co_return result<void>();
}

awaitable<result<std::string>> Snapshot::next() {
    if (!first_.empty()) co_return std::exchange(first_, {});
    while (!stream_.is_complete()) {
        auto data = co_await receive(silence_limit);
        if (!data || !data->empty()) co_return data;
    }
    co_return std::string();
}

// A refusal is an answer too.
awaitable<result<void>> Snapshot::ask(std::initializer_list<std::string_view> command) {
    const auto sent = co_await send(Pipeline().add(command));
    if (!sent) co_return sent.error();
    while (true) {
        const auto reply = transport_.next_reply();
        if (!reply) co_return reply.error();
        if (*reply) co_return result<void>();
        if (const auto failure = co_await transport_.receive()) co_return failure;
    }
}

awaitable<result<void>> Snapshot::send(const Pipeline& command) {
    const auto [failure, octets] =
        co_await asio::async_write(transport_.socket(), asio::buffer(command.bytes()), outcome);
    if (failure) co_return failure;
    co_return result<void>();
}

awaitable<result<std::string>> Snapshot::receive(Limit limit) {
    asio::steady_timer timer(transport_.socket().get_executor(), limit);
    auto arrived = co_await (transport_.socket().async_read_some(asio::buffer(received_), outcome) ||
                             timer.async_wait(outcome));
    if (arrived.index() == 1) co_return asio::error::timed_out;
    const auto [failure, octets] = std::get<0>(arrived);
    if (failure) co_return failure;

    auto data = stream_.take(std::string_view(received_).substr(0, octets));
    if (!data && !stream_.refusal().empty()) {
        log_.error("Redis refuses a snapshot", {
                                                   {"error", stream_.refusal()}
        });
    }
    co_return data;
}

}  // namespace hourglass::store

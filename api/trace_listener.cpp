#include "api/trace_listener.hpp"

#include "api/event_text.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hourglass::api {
namespace {

std::string server_event(std::string_view type, const std::string& data) {
    return std::string("event: ").append(type).append("\ndata: ").append(data).append("\n\n");
}

std::string left_out_text(std::uint64_t packets) {
    return server_event("left_out", to_text({
                                        {"type",    "left_out"                                         },
                                        {"packets", packets                                            },
                                        {"detail",  std::to_string(packets) + " packets were left out."}
    }));
}

std::string end_text() {
    return server_event(
        "end", to_text({
                   {"type",   "end"                                             },
                   {"detail", "The trace has run for its longest time: it ends."}
    }));
}

}  // namespace

TraceListener::TraceListener(std::unique_ptr<PacketTrace> trace, MayListen may_listen,
                             std::chrono::steady_clock::duration duration)
    : trace_(std::move(trace)), may_listen_(std::move(may_listen)), end_(Clock::now() + duration) {}

awaitable<void> TraceListener::tell(BodyWriter& writer) {
    boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
    bool is_taken = co_await writer.write(heartbeat_text());
    while (is_taken && writer.is_wanted() && Clock::now() < end_) {
        const bool is_allowed = co_await is_still_allowed();
        if (!is_allowed) co_return;

        auto text = next_text();
        if (text.empty()) {
            pause.expires_after(poll_interval);
            co_await pause.async_wait(boost::asio::use_awaitable);
        } else {
            is_taken = co_await writer.write(std::move(text));
            written_at_ = Clock::now();
        }
    }
    if (is_taken && writer.is_wanted()) co_await writer.write(end_text());
}

std::string TraceListener::next_text() {
    std::string text;
    const auto news = trace_->take();
    for (const auto& packet : news.packets)
        text += server_event("packet", packet);
    if (news.left_out > 0) text += left_out_text(news.left_out);
    if (text.empty() && Clock::now() - written_at_ >= heartbeat_interval) text = heartbeat_text();
    return text;
}

awaitable<bool> TraceListener::is_still_allowed() {
    if (Clock::now() - checked_at_ < token_check_interval) co_return true;
    checked_at_ = Clock::now();
    co_return co_await may_listen_();
}

}  // namespace hourglass::api

#include "api/request_reader.hpp"

#include "api/framing.hpp"
#include "api/header_end.hpp"
#include "api/limits.hpp"
#include "api/problem.hpp"

#include <boost/asio/ssl/error.hpp>

namespace hourglass::api {
namespace {

constexpr std::size_t piece_octets = 16 * 1024;

bool is_end_of_stream(error_code error) {
    return error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated;
}

}  // namespace

RequestReader::RequestReader(Stream& stream, boost::beast::flat_buffer& buffer)
    : stream_(stream), buffer_(buffer) {
    parser_.header_limit(header_octets_max);
    parser_.body_limit(boost::none);  // kept here, so that it can differ between routes
    parser_.eager(true);
}

std::string_view RequestReader::buffered() const {
    return {static_cast<const char*>(buffer_.cdata().data()), buffer_.size()};
}

awaitable<error_code> RequestReader::fill(Clock::time_point deadline) {
    const auto arrived = co_await stream_.read_some(buffer_.prepare(read_octets_max), deadline);
    buffer_.commit(arrived.octets);
    if (is_end_of_stream(arrived.error)) co_return http::error::partial_message;
    co_return arrived.error;
}

awaitable<Checked<std::optional<ReceivedHeader>>> RequestReader::read_header() {
    using Outcome = std::optional<ReceivedHeader>;
    const auto refuse = [](error_code error) -> Checked<Outcome> {
        if (auto refusal = refusal_of(error)) return *std::move(refusal);
        return Outcome{};
    };

    const auto deadline = Clock::now() + header_time_max;
    HeaderEnd end;
    auto state = end.find(buffered());
    while (state == HeaderEnd::State::incomplete && buffer_.size() <= header_octets_max) {
        const auto error = co_await fill(deadline);
        if (error) co_return refuse(error);
        state = end.find(buffered());
    }
    if (state == HeaderEnd::State::malformed) co_return malformed(end.reason());
    if (state == HeaderEnd::State::incomplete || end.size() > header_octets_max) {
        co_return refuse(http::error::header_limit);
    }

    error_code error;
    parser_.put(boost::asio::buffer(buffered().data(), end.size()), error);
    if (error) co_return refuse(error);
    buffer_.consume(end.size());
    auto header = std::move(parser_.get().base());
    if (auto refusal = refusal_of(header)) co_return *std::move(refusal);
    is_continue_expected_ = has_body() && expects_continue(header) && header.version() >= 11;
    co_return Outcome({std::move(header)});
}

awaitable<Checked<std::string>> RequestReader::read_whole() {
    is_whole_ = true;
    time_left_ = body_time_max;
    std::string body;
    if (parser_.content_length().value_or(0) > body_octets_max)
        co_return *refusal_of(error_code(http::error::body_limit));
    while (has_body()) {
        const auto piece = co_await read_some();
        if (!piece) co_return piece.error();
        if (body.size() + piece->size() > body_octets_max)
            co_return *refusal_of(error_code(http::error::body_limit));
        body += *piece;
    }
    co_return body;
}

awaitable<Checked<std::string_view>> RequestReader::read_some() {
    piece_.resize(piece_octets);
    while (has_body()) {
        auto& body = parser_.get().body();
        body.data = piece_.data();
        body.size = piece_.size();
        error_code error = http::error::need_more;
        if (buffer_.size() > 0) buffer_.consume(parser_.put(buffer_.cdata(), error));

        const auto octets = piece_.size() - body.size;
        octets_since_refill_ += octets;
        if (octets > 0) co_return std::string_view(piece_.data(), octets);
        if (!error) continue;
        if (error == http::error::need_more) {
            // Only the lines between chunks are kept until they are complete.
            error = buffer_.size() > header_octets_max ? error_code(http::error::bad_chunk_extension)
                                                       : co_await fill_in_time();
        }
        if (!error) continue;
        if (is_stopped_) co_return problem(http::status::service_unavailable, "The daemon is ending.");
        co_return refusal_of(error).value_or(
            problem(http::status::bad_request, "The request was cut short."));
    }
    co_return std::string_view();
}

// A whole body has its time once. A streamed one has time again for each `streamed_octets_min`, and only the
// waiting for the client counts.
awaitable<error_code> RequestReader::fill_in_time() {
    if (is_stopped_) co_return boost::asio::error::operation_aborted;
    const auto uninvited = co_await invite();
    if (uninvited) co_return uninvited;
    if (!is_whole_ && octets_since_refill_ >= streamed_octets_min) {
        time_left_ = streamed_octets_time_max;
        octets_since_refill_ = 0;
    }
    const auto begun = Clock::now();
    const auto error = co_await fill(begun + time_left_);
    time_left_ -= Clock::now() - begun;
    co_return error;
}

awaitable<error_code> RequestReader::invite() {
    if (!std::exchange(is_continue_expected_, false)) co_return error_code();
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    co_return co_await stream_.write(boost::asio::buffer(go_on), write_time_max);
}

void RequestReader::stop() {
    if (is_whole_) return;
    is_stopped_ = true;
    stream_.cancel_read();
}

}  // namespace hourglass::api

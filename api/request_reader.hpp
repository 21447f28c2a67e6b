// Reads one request from a connection: its header, then its body as it is asked for. Limits of size and time
// are kept here; what is wrong becomes the reply that says so.
#pragma once

#include "api/limits.hpp"
#include "api/stream.hpp"
#include "api/streaming.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <optional>
#include <vector>

namespace hourglass::api {

// A header that can travel in a result: by itself it is made from everything, errors included.
struct ReceivedHeader {
    http::request_header<> fields;
};

class RequestReader final : public BodyReader {
public:
    // `buffer` keeps what has arrived of this request and of those behind it.
    RequestReader(Stream& stream, boost::beast::flat_buffer& buffer);

    // nullopt: the peer is gone.
    awaitable<Checked<std::optional<ReceivedHeader>>> read_header();
    // After the header, the one or the other.
    awaitable<Checked<std::string>> read_whole();
    awaitable<Checked<std::string_view>> read_some() override;

    // Answers "Expect: 100-continue" if that is still to be done; reading the body does it, too.
    awaitable<error_code> invite();

    bool has_body() const { return !parser_.is_done(); }
    // Whether the next request can follow on this connection.
    bool is_at_end() const { return parser_.is_header_done() && parser_.is_done(); }
    // The daemon is ending: no more of a streamed body is waited for.
    void stop();

private:
    using Clock = Stream::Clock;

    awaitable<error_code> fill(Clock::time_point deadline);
    awaitable<error_code> fill_in_time();
    std::string_view buffered() const;

    Stream& stream_;
    boost::beast::flat_buffer& buffer_;
    http::request_parser<http::buffer_body> parser_;
    std::vector<char> piece_;
    bool is_continue_expected_ = false;
    bool is_whole_ = false;
    bool is_stopped_ = false;
    Clock::duration time_left_ = streamed_octets_time_max;
    std::size_t octets_since_refill_ = 0;
};

}  // namespace hourglass::api

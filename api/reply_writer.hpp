// Sends one reply: header and body at once, or the body piece by piece while it is made (chunked; to a client
// of HTTP/1.0, until the connection closes).
#pragma once

#include "api/stream.hpp"
#include "api/streaming.hpp"

namespace hourglass::api {

inline constexpr unsigned chunked_since_version = 11;  // HTTP/1.1

// What the reply's form depends on beside the Response.
struct ReplyForm {
    unsigned version = 11;  // the request's, as in HTTP/1.1
    bool is_head = false;
    bool keep_alive = false;
    std::string_view request_id{};
};

// The header with its empty line, and the body unless it is produced later or the request was a HEAD.
std::string to_octets(const Response& response, const ReplyForm& form, std::time_t now);

class ReplyWriter final : public BodyWriter {
public:
    // `is_draining` says whether the daemon is ending.
    ReplyWriter(Stream& stream, ReplyForm form, const bool& is_draining);

    // `response` outlives the call. False: the connection cannot be used any more. Exceptions are those of
    // `response.produce`.
    awaitable<bool> send(const Response& response);

    awaitable<bool> write(std::string piece) override;
    bool is_wanted() const override;

private:
    awaitable<bool> write_octets(std::string octets);

    Stream& stream_;
    ReplyForm form_;
    const bool& is_draining_;
    bool is_broken_ = false;
    bool was_told_to_stop_ = false;
};

}  // namespace hourglass::api

// Bodies that are never held whole: a handler reads a request, or makes a reply, piece by piece. Both may
// happen at once on one connection.
#pragma once

#include "api/message.hpp"

#include <string>
#include <string_view>

namespace hourglass::api {

// The body of a request, piece by piece, as it arrives. Lives until the reply is complete.
class BodyReader {
public:
    virtual ~BodyReader() = default;
    // The next octets, valid until the next call; empty: the body has ended. The refusal if it is cut short
    // or breaks a limit.
    virtual awaitable<Checked<std::string_view>> read_some() = 0;
};

// The body of a reply, sent while it is made.
class BodyWriter {
public:
    virtual ~BodyWriter() = default;
    // Waits until the client has taken it; false: the client is gone or too slow, or the daemon is ending,
    // make no more. A reply that was told so is cut short for the client to see.
    virtual awaitable<bool> write(std::string piece) = 0;
    // False once the daemon is ending or the client is gone: long-lived producers look and stop.
    virtual bool is_wanted() const = 0;
};

}  // namespace hourglass::api

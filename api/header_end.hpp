// Where a request's header ends, found octet by octet before anything is parsed: what proxies and servers are
// known to read differently (RFC 9112 sections 2.2 and 5.2) is refused here, whatever the parser would say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hourglass::api {

class HeaderEnd {
public:
    enum class State : std::uint8_t { incomplete, found, malformed };

    // `octets` is all that has come since the header began; it goes on where it stopped before.
    State find(std::string_view octets);
    // Of State::found: how many octets the header has, its empty line included.
    std::size_t size() const { return position_; }
    // Of State::malformed: the end of "Malformed request: ...".
    std::string_view reason() const { return reason_; }

private:
    State refuse(std::string_view reason);

    std::size_t position_ = 0;    // of the first octet not looked at
    std::size_t line_begin_ = 0;  // of the line that is being read
    std::string_view reason_;
};

}  // namespace hourglass::api

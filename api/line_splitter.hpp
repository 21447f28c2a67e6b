// Lines out of octets that arrive in pieces. It holds one piece and what is left of the one before, never
// more than a line may have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::api {

struct Line {
    std::uint64_t number{};  // from 1
    std::string_view text;   // without its LF or CRLF; valid until the next call
    bool is_too_long{};      // then without its text
};

class LineSplitter {
public:
    explicit LineSplitter(std::size_t octets_max) : octets_max_(octets_max) {}

    void feed(std::string_view piece);
    // There are no more pieces: what is left is the last line, with or without a line end.
    void end() { has_ended_ = true; }
    // nullopt: more has to be fed, or that was all.
    std::optional<Line> next();

private:
    Line take(std::size_t length, std::size_t line_end_octets);

    std::size_t octets_max_;
    std::string buffer_;
    std::size_t begin_ = 0;    // of the line in buffer_
    std::size_t scanned_ = 0;  // octets of it that hold no line end
    std::uint64_t lines_ = 0;
    bool is_skipping_ = false;  // the rest of a line that is too long
    bool has_ended_ = false;
};

}  // namespace hourglass::api

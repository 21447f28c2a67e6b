#include "api/line_splitter.hpp"

namespace hourglass::api {

void LineSplitter::feed(std::string_view piece) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    buffer_ += piece;
}

std::optional<Line> LineSplitter::next() {
    const auto end = buffer_.find('\n', begin_ + scanned_);
    if (end != buffer_.npos) return take(end - begin_, 1);

    const auto left = buffer_.size() - begin_;
    if (has_ended_) return left == 0 && !is_skipping_ ? std::nullopt : std::optional(take(left, 0));
    scanned_ = left;
    if (left > octets_max_ + 1) {  // one more for the CR of a line that just fits
        is_skipping_ = true;
        begin_ = buffer_.size();
        scanned_ = 0;
    }
    return std::nullopt;
}

Line LineSplitter::take(std::size_t length, std::size_t line_end_octets) {
    auto text = std::string_view(buffer_).substr(begin_, length);
    if (text.ends_with('\r')) text.remove_suffix(1);
    Line line{.number = ++lines_, .text = text, .is_too_long = is_skipping_ || text.size() > octets_max_};
    if (line.is_too_long) line.text = {};
    begin_ += length + line_end_octets;
    scanned_ = 0;
    is_skipping_ = false;
    return line;
}

}  // namespace hourglass::api

#include "cli/row_counter.hpp"

namespace hourglass::cli {

void RowCounter::take(std::string_view piece) {
    for (const char octet : piece) {
        if (is_csv_ && octet == '"') is_quoted_ = !is_quoted_;
        if (octet == '\n' && !is_quoted_) ++lines_;
    }
}

void JsonLines::take(std::string_view piece) {
    for (auto end = piece.find('\n'); end != piece.npos; end = piece.find('\n')) {
        left_ += piece.substr(0, end);
        piece.remove_prefix(end + 1);
        const auto line = Json::parse(left_, nullptr, false);
        if (line.is_object()) take_line_(line);
        left_.clear();
    }
    left_ += piece;
}

}  // namespace hourglass::cli

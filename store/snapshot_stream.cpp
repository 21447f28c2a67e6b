#include "store/snapshot_stream.hpp"

#include "store/decimal.hpp"
#include "store/error.hpp"

#include <utility>

namespace hourglass::store {
namespace {

constexpr std::string_view mark_prefix = "$EOF:";
constexpr std::size_t mark_octets = 40;
constexpr std::size_t head_octets_max = 512;  // of a refusal too

}  // namespace

result<std::string> SnapshotStream::take(std::string_view octets) {
    unread_.append(octets);
    if (state_ == State::head) {
        const auto read = read_head();
        if (!read) return read.error();
    }
    if (state_ == State::counted) return take_counted();
    if (state_ == State::marked) return take_marked();
    return std::string();
}

result<void> SnapshotStream::read_head() {
    unread_.erase(0, std::min(unread_.find_first_not_of("\r\n"), unread_.size()));
    const auto end = unread_.find("\r\n");
    if (end == std::string::npos && unread_.size() <= head_octets_max) return {};

    const std::string_view head(unread_.data(), std::min(end, unread_.size()));
    if (head.starts_with('-')) {
        refusal_ = head.substr(1);
        return Error::unavailable;
    }
    if (head.starts_with(mark_prefix) && head.size() == mark_prefix.size() + mark_octets) {
        mark_ = head.substr(mark_prefix.size());
        state_ = State::marked;
    } else {
        const auto octets =
            head.starts_with('$') ? parse_decimal<std::uint64_t>(head.substr(1)) : std::nullopt;
        if (!octets) return Error::corrupt;
        octets_left_ = *octets;
        state_ = octets_left_ > 0 ? State::counted : State::complete;
    }
    unread_.erase(0, end + 2);
    return {};
}

std::string SnapshotStream::take_counted() {
    auto data = std::exchange(unread_, {});
    if (data.size() > octets_left_) data.resize(octets_left_);
    octets_left_ -= data.size();
    if (octets_left_ == 0) state_ = State::complete;
    return data;
}

// The mark may have come in part.
std::string SnapshotStream::take_marked() {
    const auto mark = unread_.find(mark_);
    if (mark != std::string::npos) {
        state_ = State::complete;
        return std::exchange(unread_, {}).substr(0, mark);
    }
    if (unread_.size() < mark_octets) return {};
    const auto certain = unread_.size() - (mark_octets - 1);
    auto data = unread_.substr(0, certain);
    unread_.erase(0, certain);
    return data;
}

}  // namespace hourglass::store

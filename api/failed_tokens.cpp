#include "api/failed_tokens.hpp"

#include <algorithm>

namespace hourglass::api {

std::optional<std::chrono::seconds> FailedTokens::wait_of(const boost::asio::ip::address& share,
                                                          Time now) const {
    const auto found = forgiven_at_.find(share);
    if (found == forgiven_at_.end()) return std::nullopt;
    const auto too_much = found->second - now - (failures_max - 1) * refill_time;
    if (too_much <= too_much.zero()) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(too_much);
}

void FailedTokens::note(const boost::asio::ip::address& share, Time now) {
    if (!forgiven_at_.contains(share)) make_room(now);
    auto& forgiven_at = forgiven_at_[share];
    forgiven_at = std::max(forgiven_at, now) + refill_time;
}

// Those who failed least go first: a guesser is not forgotten for many who mistyped once.
void FailedTokens::make_room(Time now) {
    if (forgiven_at_.size() < limit_) return;
    std::erase_if(forgiven_at_, [&](const auto& entry) { return entry.second <= now; });
    if (forgiven_at_.size() < limit_) return;
    forgiven_at_.erase(
        std::ranges::min_element(forgiven_at_, {}, [](const auto& entry) { return entry.second; }));
}

}  // namespace hourglass::api

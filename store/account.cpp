#include "store/account.hpp"

#include <algorithm>
#include <numeric>

namespace hourglass::store {

Balance Account::settled() const {
    if (!credited) return std::nullopt;
    return *credited - consumed;
}

Seconds Account::unreported(Time now) const {
    return std::accumulate(heard.begin(), heard.end(), Seconds(0), [&](Seconds sum, Time each) {
        return sum + std::clamp(now - each, Seconds(0), stale_limit);
    });
}

Balance Account::balance_at(Time now) const {
    if (!credited) return std::nullopt;
    return std::max(Seconds(0), *credited - consumed - unreported(now));
}

// All burn together: the balance is gone when the sum of (t - heard) is as much.
std::optional<Time> Account::exhausted_at() const {
    if (!credited || heard.empty()) return std::nullopt;
    const auto count = static_cast<std::int64_t>(heard.size());
    auto sum = *credited - consumed;
    for (const auto each : heard)
        sum += each.time_since_epoch();
    return Time((sum + Seconds(count - 1)) / count);
}

std::optional<Time> Account::silent_at() const {
    if (heard.empty()) return std::nullopt;
    return *std::ranges::min_element(heard) + stale_limit;
}

}  // namespace hourglass::store

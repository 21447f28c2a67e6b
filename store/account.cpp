#include "store/account.hpp"

#include "store/decimal.hpp"
#include "store/redis_reply.hpp"
#include "store/session_text.hpp"

#include <algorithm>
#include <numeric>

namespace hourglass::store {
namespace {

// The field of an open session is "s" and a digit: see session_text.hpp.
bool is_session(std::string_view field) {
    return field.size() > 1 && field[0] == 's' && field[1] >= '0' && field[1] <= '9';
}

Seconds seconds_of(const redisReply* reply) {
    return Seconds(exact(integer_of(reply)));
}

}  // namespace

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

Account parse_account(std::span<redisReply* const> hash, Seconds stale_limit) {
    Account account;
    account.stale_limit = stale_limit;
    for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
        const auto field = text_of(hash[i]);
        if (is_session(field))
            account.heard.push_back(heard_in(text_of(hash[i + 1])));
        else if (field == "credited")
            account.credited = seconds_of(hash[i + 1]);
        else if (field == "consumed")
            account.consumed = seconds_of(hash[i + 1]);
        else if (field == "stale_limit")
            account.stale_limit = std::max(seconds_of(hash[i + 1]), Seconds(0));
    }
    return account;
}

}  // namespace hourglass::store

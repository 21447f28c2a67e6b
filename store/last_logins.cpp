#include "store/last_logins.hpp"

#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/scripts.hpp"

#include <algorithm>
#include <utility>

namespace hourglass::store {
namespace {

constexpr std::size_t last_writes_max = 1024;  // in one pipeline

}  // namespace

void LastLogins::note(UserId user, Time now) {
    const bool is_full = newer_.size() >= waiting_users_max && !newer_.contains(user);
    if (is_full || (waiting() == 0 && written_in_turn_ < writes_at_once_max)) {
        older_.push_back({user, now, now});
        const auto with_him = older_.size();
        write(1);
        if (is_full && older_.size() == with_him) older_.pop_back();
    } else {
        const auto times = newer_.try_emplace(user, Times{user, now, now}).first;
        times->second.latest = std::max(times->second.latest, now);
    }
    if (!is_turn_running_) begin_turn();
}

void LastLogins::begin_turn() {
    is_turn_running_ = true;
    next_turn_.expires_after(turn);
    next_turn_.async_wait([this](error_code cancelled) {
        if (cancelled) return;
        is_turn_running_ = false;
        written_in_turn_ = 0;
        write(writes_per_turn_max);
        if (written_in_turn_ > 0 || waiting() > 0) begin_turn();
    });
}

// While Redis is away they go on waiting.
void LastLogins::write(std::size_t users_max) {
    const auto batch = next_batch(users_max);
    if (batch.empty() || !redis_.send(writes_of(batch))) return;
    written_in_turn_ += batch.size();
    older_.resize(older_.size() - batch.size());
}

awaitable<void> LastLogins::finish() {
    next_turn_.cancel();
    while (waiting() > 0) {
        const auto batch = next_batch(last_writes_max);
        auto writes = writes_of(batch);
        older_.resize(older_.size() - batch.size());
        const auto written = co_await redis_.execute_all(std::move(writes));
        if (!written) co_return;
    }
}

std::span<const LastLogins::Times> LastLogins::next_batch(std::size_t users_max) {
    if (older_.empty()) {
        for (const auto& [user, times] : newer_)
            older_.push_back(times);
        newer_.clear();
    }
    return std::span<const Times>(older_).last(std::min(users_max, older_.size()));
}

Pipeline LastLogins::writes_of(std::span<const Times> batch) {
    Pipeline writes;
    for (const auto& times : batch) {
        const auto tag = UserTag::of(times.user);
        writes.run(scripts::note_login, {keys::user(tag), keys::logins(tag)},
                   {decimal(times.first), decimal(times.latest)});
    }
    return writes;
}

}  // namespace hourglass::store

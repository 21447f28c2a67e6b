#include "tests/simulation/reapers.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hourglass::test {
namespace {

constexpr std::uint64_t claims_per_shard_max = 3;
constexpr int steps_max = 40;
constexpr std::size_t late_max = 20;

// False: it died.
bool goes_on(int& steps_left) {
    return --steps_left > 0;
}

std::optional<store::Time> next_visit(const store::Visit& visit, store::Time now) {
    const auto silent_at = visit.account.silent_at();
    if (!silent_at) return std::nullopt;
    auto at = std::min(*silent_at, visit.account.exhausted_at().value_or(*silent_at));
    if (visit.exists) at = std::min(at, visit.expiration.value_or(at));
    return std::min(*silent_at, at > now ? at : now + patience);
}

}  // namespace

template <class Item>
Item Reapers::take_any(std::vector<Item>& items) {
    const auto chosen = items.begin() + up_to(static_cast<int>(items.size()) - 1);
    auto item = std::move(*chosen);
    items.erase(chosen);
    return item;
}

std::vector<awaitable<int>> Reapers::tasks(std::span<const std::unique_ptr<Daemon>> daemons,
                                           std::span<const store::Seconds> skews, store::Time now) {
    const auto any_daemon = [&] {
        return static_cast<std::size_t>(up_to(static_cast<int>(daemons.size()) - 1));
    };
    std::vector<awaitable<int>> tasks;
    if (happens(40)) {
        const auto index = any_daemon();
        const int steps = happens(80) ? std::numeric_limits<int>::max() : up_to(steps_max);
        tasks.push_back(look_after_due(*daemons[index], {now + skews[index], steps, happens(20)}));
    }
    if (!late_.empty() && happens(25)) {
        const auto index = any_daemon();
        tasks.push_back(close_late(*daemons[index], take_any(late_), now + skews[index]));
    }
    if (!unfinished_.empty() && happens(30))
        tasks.push_back(finish(*daemons[any_daemon()], take_any(unfinished_)));
    return tasks;
}

std::vector<Closing> Reapers::take_closings() {
    for (auto& each : std::exchange(seen_, {})) {
        if (late_.size() < late_max && happens(50)) late_.push_back(std::move(each));
    }
    return std::exchange(closings_, {});
}

void Reapers::leap() {
    late_.clear();
    unfinished_.clear();
}

awaitable<int> Reapers::look_after_due(Daemon& daemon, Round round) {
    const auto claims = co_await daemon.deadlines.claim(round.now, claims_per_shard_max);
    if (!claims || !goes_on(round.steps_left)) co_return 0;
    for (const auto& claim : *claims) {
        const bool is_alive = co_await look_after(daemon, round, claim);
        if (!is_alive) co_return 0;
    }
    co_return 0;
}

awaitable<bool> Reapers::look_after(Daemon& daemon, Round& round, store::Claim claim) {
    auto visit = co_await daemon.deadlines.visit(claim.tag, round.now);
    if (!visit || !goes_on(round.steps_left)) co_return false;
    visit->account.heard.clear();  // but of those that go on
    for (const auto& each : visit->sessions) {
        const Closing closing{claim.tag, each.session, {}};
        seen_.push_back(closing);
        const bool is_silent = each.session.heard + visit->account.stale_limit <= round.now;
        const bool is_closed = is_silent && co_await close(daemon, closing, round.now);
        if (!is_closed) visit->account.heard.push_back(each.session.heard);
        if (is_silent && !goes_on(round.steps_left)) co_return false;
    }

    const auto next = next_visit(*visit, round.now);
    if (round.is_slow) {
        unfinished_.push_back({std::move(claim), *std::move(visit), next});
        co_return true;
    }
    co_await finish(daemon, {std::move(claim), *std::move(visit), next});
    co_return goes_on(round.steps_left);
}

awaitable<bool> Reapers::close(Daemon& daemon, Closing closing, store::Time now) {
    const auto index = closings_.size();
    closings_.push_back(closing);
    const auto closed = co_await daemon.ledger.close_stale(closing.tag, closing.session, now);
    if (closed) closings_[index].outcome = *closed;
    co_return closed && *closed == store::StaleClosing::closed;
}

awaitable<int> Reapers::close_late(Daemon& daemon, Closing closing, store::Time now) {
    co_await close(daemon, std::move(closing), now);
    co_return 0;
}

awaitable<int> Reapers::finish(Daemon& daemon, Visited visited) {
    if (visited.next)
        co_await daemon.deadlines.schedule(std::move(visited.claim), std::move(visited.visit), *visited.next);
    else
        co_await daemon.deadlines.forget(std::move(visited.claim));
    co_return 0;
}

}  // namespace hourglass::test

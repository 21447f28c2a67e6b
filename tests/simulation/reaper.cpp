#include "tests/simulation/reaper.hpp"

#include <algorithm>

namespace hourglass::test {
namespace {

constexpr std::uint64_t claims_per_shard_max = 3;

// False: it died.
bool goes_on(Reaper& reaper) {
    return --reaper.steps_left > 0;
}

// nullopt: nothing runs.
std::optional<store::Time> next_visit(const store::Visit& visit, store::Time now) {
    const auto silent_at = visit.account.silent_at();
    if (!silent_at) return std::nullopt;
    auto at = std::min(*silent_at, visit.account.exhausted_at().value_or(*silent_at));
    if (visit.exists) at = std::min(at, visit.expiration.value_or(at));
    return std::min(*silent_at, at > now ? at : now + patience);
}

// Those that were heard meanwhile are seen by the next visit.
awaitable<bool> close_silent(Daemon& daemon, Reaper& reaper, store::UserTag tag, store::Visit& visit) {
    visit.account.heard.clear();
    for (const auto& each : visit.sessions) {
        reaper.seen.push_back({tag, each.session, {}});
        if (each.session.heard + visit.account.stale_limit > reaper.now) {
            visit.account.heard.push_back(each.session.heard);
            continue;
        }
        const auto index = reaper.closings.size();
        reaper.closings.push_back({tag, each.session, {}});
        const auto closed = co_await daemon.ledger.close_stale(tag, each.session, reaper.now);
        if (!closed) co_return false;
        reaper.closings[index].outcome = *closed;
        if (*closed == store::StaleClosing::unchanged) visit.account.heard.push_back(each.session.heard);
        if (!goes_on(reaper)) co_return false;
    }
    co_return true;
}

}  // namespace

awaitable<int> look_after_due(Daemon& daemon, Reaper& reaper) {
    const auto claims = co_await daemon.deadlines.claim(reaper.now, claims_per_shard_max);
    if (!claims || !goes_on(reaper)) co_return 0;
    for (const auto& claim : *claims) {
        auto visit = co_await daemon.deadlines.visit(claim.tag, reaper.now);
        if (!visit || !goes_on(reaper)) co_return 0;
        const bool is_alive = co_await close_silent(daemon, reaper, claim.tag, *visit);
        if (!is_alive) co_return 0;
        const auto next = next_visit(*visit, reaper.now);
        const auto done = next ? co_await daemon.deadlines.schedule(claim, *std::move(visit), *next)
                               : co_await daemon.deadlines.forget(claim);
        if (!done || !goes_on(reaper)) co_return 0;
    }
    co_return 0;
}

awaitable<int> close_late(Daemon& daemon, Closing& closing, store::Time now) {
    const auto closed = co_await daemon.ledger.close_stale(closing.tag, closing.session, now);
    if (closed) closing.outcome = *closed;
    co_return 0;
}

}  // namespace hourglass::test

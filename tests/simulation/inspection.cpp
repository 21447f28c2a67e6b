#include "tests/simulation/inspection.hpp"

#include "store/keys.hpp"
#include "store/redis_reply.hpp"
#include "store/session_index.hpp"
#include "store/session_list.hpp"
#include "store/session_text.hpp"
#include "tests/simulation/reapers.hpp"
#include "tests/support/statements.hpp"

namespace hourglass::test {
namespace {

constexpr std::uint64_t statement_entries = 1000;

}  // namespace

Account read_account(StoreFixture& fixture, const store::UserTag& tag, store::Time now) {
    const auto replies = fixture.until_acknowledged([&] {
        store::Pipeline read;
        read.add({"HGETALL", store::keys::account(tag)})
            .add({"HGETALL", store::keys::closed(tag)})
            .add({"HGETALL", store::keys::details(tag)})
            .add({"HMGET", store::keys::account(tag), "credited", "consumed"})
            .add({"HGET", store::keys::closed(tag), "forgotten"});
        for (std::size_t shard = 0; shard < store::Deadlines::shards; ++shard)
            read.add({"ZSCORE", store::keys::deadlines(shard), tag.text});
        return fixture.store.redis.execute_all(std::move(read));
    });
    Account account;
    account.sessions =
        store::parse_sessions(1, {replies[0].elements(), replies[1].elements(), replies[2].elements()});
    const auto sums = replies[3].elements();
    if (!store::is_nil(sums[0])) account.credited = store::integer_of(sums[0]);
    account.consumed = store::integer_of(sums[1]);
    account.forgotten = replies[4].integer();
    const auto parsed = store::parse_account(replies[0].elements(), simulated_rules.stale_limit());
    if (const auto left = parsed.balance_at(now)) account.left = left->count();
    for (std::size_t shard = 0; shard < store::Deadlines::shards; ++shard) {
        const auto& score = replies[replies.size() - store::Deadlines::shards + shard];
        if (score.is_nil()) continue;
        if (account.due_at) throw Violation("the user " + tag.text + " has two deadlines");
        account.due_at = std::stod(std::string(score.text()));
    }
    return account;
}

void check_lists(StoreFixture& fixture, const LedgerModel& model, std::size_t user, const store::UserTag& tag,
                 store::OrganizationId organization, const Account& account) {
    store::Pipeline lookups;
    std::vector<std::string> missing;
    for (const auto& session : account.sessions) {
        if (!model.must_be_listed(user, session)) continue;
        const store::SessionEntry entry{tag, session.started,
                                        store::session_field(session.nas, session.session_id)};
        lookups.add({"ZSCORE", store::keys::sessions_of_organization(organization), entry.member()});
        missing.push_back("the organization's list misses " + entry.member());
        if (!session.is_running) continue;
        lookups.add({"ZSCORE", store::keys::sessions_of_nas(session.nas), entry.member()});
        missing.push_back("the NAS's list misses " + entry.member());
    }
    const auto scores = fixture.until_acknowledged([&] { return fixture.store.redis.execute_all(lookups); });
    for (std::size_t i = 0; i < missing.size(); ++i) {
        if (scores[i].is_nil()) throw Violation(missing[i]);
    }
}

void check_deadline(const Account& account, std::optional<store::Time> expiration, store::Time now,
                    const std::string& name) {
    std::int64_t running = 0;
    std::int64_t heard_sum = 0;
    auto silent_at = std::numeric_limits<std::int64_t>::max();
    for (const auto& session : account.sessions) {
        if (!session.is_running) continue;
        const auto heard = session.heard.time_since_epoch().count();
        ++running;
        heard_sum += heard;
        silent_at = std::min(silent_at, heard + simulated_rules.stale_limit().count());
    }
    if (running == 0) return;
    auto at = silent_at;
    if (account.credited)
        at = std::min(at, (*account.credited - account.consumed + heard_sum + running - 1) / running);
    if (expiration) at = std::min(at, expiration->time_since_epoch().count());

    // Reports that arrive in one tick are stamped by clocks that differ, and whoever is overdue is claimed or
    // visited again from time to time.
    const auto skew = World::tick_max + 2 * daemon_skew_max.count();
    const auto overdue = now.time_since_epoch().count() + skew +
                         std::max(patience, store::Deadlines::lease + store::Seconds(1)).count();
    const auto latest = static_cast<double>(std::max(at + skew, overdue));
    if (!account.due_at || *account.due_at > latest)
        throw Violation(name + " is due at " + std::to_string(account.due_at.value_or(-1)) +
                        ", should be at " + std::to_string(at));
}

void check_statement(StoreFixture& fixture, store::UserId user) {
    const auto statement = fixture.statement_of(user, statement_entries);
    const auto sums = sums_of(statement);
    if (sums.charged != statement.consumed.count())
        throw Violation("the charges in the statement of user " + std::to_string(user) + " do not add up");
    if (sums.credited != statement.credited.value_or(store::Seconds(0)).count())
        throw Violation("the credits in the statement of user " + std::to_string(user) + " do not add up");
}

}  // namespace hourglass::test

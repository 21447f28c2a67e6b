// More reports than Redis takes. That is no outage: the journal stays empty and the connection stands; what
// was accepted is applied, what was refused costs nothing, and in the end each second is charged once.
#include "tests/support/journal_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;

namespace {

constexpr store::RedisConnection::Limits limits{
    .timeout = 1s, .backlog_commands_max = 100, .backlog_age_max = 100ms};
constexpr int users_count = 20;
constexpr int reports_min = 4000;
constexpr int reports_max = 200'000;  // by then a Redis that rests so much is behind on any machine
constexpr int reports_per_turn = 60;
static_assert(reports_per_turn % users_count == 0, "all users report as often");
constexpr store::Seconds used{7};
constexpr store::Seconds balance_at_first{1'000'000};

struct OverloadFixture : test::JournalFixture {
    OverloadFixture() : JournalFixture({"--enable-debug-command", "yes"}) {
        for (int i = 0; i < users_count; ++i)
            users.push_back(make_user("user" + std::to_string(i), balance_at_first).id);
        slow_redis.start();
        if (!run(slow_redis.wait_until_ready(test::ready_limit)))
            throw std::runtime_error("Redis does not come up");
        slow_redis.set_group_commit(1ms);
    }
    ~OverloadFixture() {
        slow_redis.stop();
        loop.restart();
        loop.poll();
    }
    OverloadFixture(const OverloadFixture&) = delete;
    OverloadFixture& operator=(const OverloadFixture&) = delete;

    // Redis rests whenever it has looked at all connections once.
    void slow_down() {
        is_slow = true;
        boost::asio::co_spawn(loop, keep_slow(), [this](const std::exception_ptr& bug) {
            is_resting = false;
            if (bug) std::rethrow_exception(bug);
        });
    }
    awaitable<void> keep_slow() {
        is_resting = true;
        while (is_slow) {
            auto rest = store::Pipeline().add({"DEBUG", "SLEEP", "0.02"});
            static_cast<void>(co_await store.redis.execute(std::move(rest)));
        }
    }
    void speed_up() {
        is_slow = false;
        for (loop.restart(); is_resting;)
            loop.run_one();
    }

    awaitable<result<std::optional<store::Applied>>> apply(store::AccountingRecord report) {
        co_return co_await ledger.apply(report);
    }

    // As a worker does, which refuses new work while Redis is behind.
    void offer(int number) {
        if (report_batches.is_behind()) {
            refused.push_back(number);
            return;
        }
        auto stop = report(store::AccountingStatus::stop, 10, static_cast<int>(used.count()),
                           "s" + std::to_string(number));
        stop.username = "user" + std::to_string(number % users_count);
        ++missing;
        boost::asio::co_spawn(loop, apply(std::move(stop)),
                              [this](const std::exception_ptr& bug, const auto& applied) {
                                  --missing;
                                  const bool is_charged = !bug && applied && *applied;
                                  if (!is_charged) ++failed;
                              });
    }

    void finish() {
        for (loop.restart(); missing > 0;)
            loop.run_one();
    }

    store::Seconds consumed_by(store::UserId user) {
        const auto reply = redis({"HGET", store::keys::account(store::UserTag::of(user)), "consumed"});
        return store::Seconds(reply.integer());
    }

    const store::RedisAddress address = store::RedisAddress::parse(server.address());
    store::RedisConnection slow_redis{loop, address, log, limits};
    store::RememberedUsers remembered_users{loop, address, slow_redis, log, 0};
    store::LastLogins last_logins{loop, slow_redis};
    store::Users slow_users{slow_redis, secrets, store.rules, remembered_users, last_logins};
    store::ReportBatches report_batches{slow_redis};
    store::Ledger slow_ledger{slow_redis, slow_users, store.rules, &report_batches};
    store::DurableLedger ledger{slow_redis, slow_ledger, &life->journal};
    std::vector<store::UserId> users;
    std::vector<int> refused;
    bool is_slow = false;
    bool is_resting = false;
    int missing = 0;
    int failed = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(overload_is_no_outage_and_costs_nobody_a_second, OverloadFixture) {
    slow_down();
    int reports = 0;
    while (reports < reports_min || (refused.empty() && reports < reports_max)) {
        for (int i = 0; i < reports_per_turn; ++i)
            offer(reports++);
        loop.restart();
        loop.run_for(1ms);
    }
    finish();
    BOOST_TEST(failed == 0);
    BOOST_TEST(!refused.empty());
    BOOST_TEST(refused.size() < static_cast<std::size_t>(reports));
    BOOST_TEST(slow_redis.reconnects() == 0U);
    BOOST_TEST(life->journal.state().written == 0U);

    speed_up();
    while (!refused.empty()) {  // the NASes ask again
        for (const auto number : std::exchange(refused, {}))
            offer(number);
        finish();
    }
    BOOST_TEST(failed == 0);
    for (const auto user : users)
        BOOST_TEST((consumed_by(user) == used * (reports / users_count)));
}

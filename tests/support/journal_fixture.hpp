// A journal with a daemon's life around it, on a Redis that a test takes away and brings back.
#pragma once

#include "daemon/journal_replay.hpp"
#include "store/durable_ledger.hpp"
#include "tests/integration/temporary_directory.hpp"
#include "tests/support/store_fixture.hpp"

#include <boost/asio/steady_timer.hpp>

namespace hourglass::test {

// A daemon's life: what is left of it when it ends is the directory.
struct Life {
    Life(const std::filesystem::path& directory, StoreFixture& fixture,
         daemon::UsageJournal::Limits limits = {})
        : loop(fixture.loop),
          journal(directory, limits, fixture.log),
          ledger(fixture.store.redis, fixture.store.ledger, &journal),
          replay(fixture.loop, journal, fixture.store, fixture.log) {
        journal.start();
    }
    ~Life() {
        replay.stop();
        for (loop.restart(); is_replaying; loop.restart())
            loop.run_one();
        journal.stop();
        loop.restart();
        loop.poll();
    }

    void begin_replay() {
        is_replaying = true;
        boost::asio::co_spawn(loop, replay.run(), [this](const std::exception_ptr& failure) {
            is_replaying = false;
            if (failure) std::rethrow_exception(failure);
        });
    }

    boost::asio::io_context& loop;
    daemon::UsageJournal journal;
    store::DurableLedger ledger;
    daemon::JournalReplay replay;
    bool is_replaying = false;
};

struct JournalFixture : StoreFixture {
    explicit JournalFixture(std::vector<std::string> redis_arguments = {})
        : StoreFixture(std::move(redis_arguments)) {
        ann = make_user("ann", store::Seconds(3600)).id;
        store.redis.set_group_commit(std::chrono::microseconds(500));  // Redis may die while reports wait
        begin_life();
    }

    void begin_life(daemon::UsageJournal::Limits limits = {}) {
        life.reset();
        life.emplace(directory / "journal", *this, limits);
    }

    store::AccountingRecord report(store::AccountingStatus status, int at, int seconds,
                                   std::string id = "s1") const {
        store::AccountingRecord record;
        record.status = status;
        record.username = "ann";
        record.nas = "id:lab";
        record.session_id = std::move(id);
        record.event_time = now + store::Seconds(at);
        record.received_at = record.event_time;
        record.session_time = store::Seconds(seconds);
        return record;
    }

    bool is_acknowledged(const store::AccountingRecord& record) {
        return run(life->ledger.apply(record)).has_value();
    }
    bool is_in_journal(const store::AccountingRecord& record) {
        const auto applied = run(life->ledger.apply(record));
        return applied && !*applied;
    }
    bool is_in_ledger(const store::AccountingRecord& record) {
        const auto applied = run(life->ledger.apply(record));
        return applied && *applied;
    }

    awaitable<bool> replay_until_done() {
        for (int i = 0; i < 1000 && life->journal.state().octets > 0; ++i) {
            boost::asio::steady_timer timer(loop, std::chrono::milliseconds(10));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        co_return life->journal.state().octets == 0;
    }
    bool replays() {
        if (!life->is_replaying) life->begin_replay();
        return run(replay_until_done());
    }

    std::int64_t balance() { return must(store.users.find(ann)).account.settled()->count(); }

    void lose_redis() {
        server.kill();
        static_cast<void>(run(store.redis.execute(store::Pipeline().add({"PING"}))));
    }
    void return_redis() {
        server.start();
        wait_until_ready();
    }

    TemporaryDirectory directory;
    store::UserId ann{};
    std::optional<Life> life;
};

}  // namespace hourglass::test

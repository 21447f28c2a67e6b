// Sessions of one NAS while Redis is killed and comes back, the daemon ends at any moment, even within a
// replay, and answers are lost: at the end each second is charged once.
#include "tests/support/journal_fixture.hpp"

#include <map>
#include <random>

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;

namespace {

constexpr int steps_per_story = 120;
constexpr std::int64_t balance_at_first = 1'000'000;

struct FaultsFixture : test::JournalFixture {
    FaultsFixture() { ann = make_user("bob", store::Seconds(balance_at_first)).id; }

    int up_to(int limit) { return std::uniform_int_distribution(0, limit)(random); }

    void tell(const store::AccountingRecord& record) {
        BOOST_TEST_REQUIRE(is_acknowledged(record));
        told.push_back(record);
    }

    void report_something() {
        clock += 1 + up_to(60);
        const auto id = "s" + std::to_string(up_to(2));
        const auto running = stays.find(id);
        auto record = report(AccountingStatus::start, clock, 0, id);
        record.username = "bob";
        if (running == stays.end()) {
            stays[id] = clock;
            reported[id] = 0;
            tell(record);
            return;
        }
        const auto seconds = clock - running->second;
        record.session_time = store::Seconds(seconds);
        used += seconds - std::exchange(reported[id], seconds);
        const bool is_over = up_to(2) == 0;
        record.status = is_over ? AccountingStatus::stop : AccountingStatus::interim;
        if (is_over) stays.erase(running);
        tell(record);
    }

    void restart_nas() {
        clock += 1 + up_to(60);
        const auto at = now + store::Seconds(clock);
        BOOST_TEST_REQUIRE(run(life->ledger.close_sessions_of({"id:lab", at, at})).has_value());
        stays.clear();
        clock += 1;
    }

    void take_a_step() {
        switch (up_to(15)) {
            case 0:
                if (std::exchange(is_redis_there, false)) lose_redis();
                break;
            case 1:
            case 2:
                if (!std::exchange(is_redis_there, true)) return_redis();
                break;
            case 3:
                begin_life();
                break;
            case 4:
                if (!life->is_replaying) life->begin_replay();
                break;
            case 5:
                loop.restart();
                loop.run_for(std::chrono::milliseconds(up_to(20)));
                break;
            case 6:
                restart_nas();
                break;
            case 7:
            case 8:
                if (!told.empty())
                    tell(told[told.size() - 1 -
                              static_cast<std::size_t>(up_to(static_cast<int>(told.size()) - 1))]);
                break;
            default:
                report_something();
        }
    }

    std::minstd_rand random;
    std::vector<store::AccountingRecord> told;
    std::map<std::string, int> stays;     // that run: when they began
    std::map<std::string, int> reported;  // of the latest stay under this id
    int clock = 0;
    std::int64_t used = 0;
    bool is_redis_there = true;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal_faults, FaultsFixture)

BOOST_AUTO_TEST_CASE(each_second_is_charged_once_whatever_ends_when) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        BOOST_TEST_INFO_SCOPE("seed " << seed);
        random.seed(seed);
        for (int step = 0; step < steps_per_story; ++step)
            take_a_step();
        if (!std::exchange(is_redis_there, true)) return_redis();
        BOOST_TEST_REQUIRE(replays());
        BOOST_TEST_REQUIRE(balance() == balance_at_first - used);
    }
}

BOOST_AUTO_TEST_SUITE_END()

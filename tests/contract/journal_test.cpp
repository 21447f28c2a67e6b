// Usage while Redis is away: in the journal, then in the ledger, once and in order, whatever ends meanwhile.
#include "tests/support/journal_fixture.hpp"

#include <fstream>

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;

BOOST_FIXTURE_TEST_SUITE(journal, test::JournalFixture)

BOOST_AUTO_TEST_CASE(usage_of_an_outage_is_charged_once_when_redis_is_back) {
    BOOST_TEST(is_in_ledger(report(AccountingStatus::start, 0, 0)));
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 300, 300)));
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 300, 300)));
    BOOST_TEST(is_in_journal(report(AccountingStatus::stop, 600, 600)));
    BOOST_TEST(life->journal.state().pending == 3U);
    return_redis();
    BOOST_TEST(replays());
    BOOST_TEST(balance() == 3000);
    BOOST_TEST(life->journal.state().pending == 0U);
    BOOST_TEST(life->journal.state().replayed == 3U);
    BOOST_TEST(is_in_ledger(report(AccountingStatus::stop, 600, 600)));
    BOOST_TEST(balance() == 3000);
}

// A journal is only as good as its order: the id of the first session is used again while Redis is away.
BOOST_AUTO_TEST_CASE(an_id_used_again_in_the_outage_is_charged_for_both_sessions) {
    lose_redis();
    for (int session = 0; session < 3; ++session) {
        const auto begin = 1000 * session;
        BOOST_TEST(is_in_journal(report(AccountingStatus::start, begin, 0)));
        BOOST_TEST(is_in_journal(report(AccountingStatus::interim, begin + 50, 50)));
        BOOST_TEST(is_in_journal(report(AccountingStatus::stop, begin + 100, 100)));
    }
    return_redis();
    BOOST_TEST(replays());
    BOOST_TEST(balance() == 3600 - 300);
}

BOOST_AUTO_TEST_CASE(a_newer_report_of_the_nas_goes_behind_the_journal_even_with_redis_back) {
    BOOST_TEST(is_in_ledger(report(AccountingStatus::start, 0, 0)));
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::stop, 600, 600)));
    return_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::start, 700, 0)));
    auto elsewhere = report(AccountingStatus::start, 700, 0);
    elsewhere.nas = "id:other";
    BOOST_TEST(is_in_ledger(elsewhere));
    BOOST_TEST(replays());
    BOOST_TEST(is_in_ledger(report(AccountingStatus::stop, 1000, 300)));
    BOOST_TEST(balance() == 3600 - 900);
}

BOOST_AUTO_TEST_CASE(a_restart_of_the_nas_keeps_its_place_among_the_reports) {
    BOOST_TEST(is_in_ledger(report(AccountingStatus::start, 0, 0)));
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 300, 300)));
    BOOST_TEST(run(life->ledger.close_sessions_of({"id:lab", now + 400s, now + 400s})).has_value());
    BOOST_TEST(is_in_journal(report(AccountingStatus::start, 500, 0)));
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 600, 100)));
    return_redis();
    BOOST_TEST(replays());
    BOOST_TEST(balance() == 3600 - 400);
    const auto sessions = must(store.ledger.sessions_of(ann));
    BOOST_TEST_REQUIRE(sessions.size() == 2U);
    BOOST_TEST(sessions[0].is_running);
    BOOST_TEST(!sessions[1].is_running);
}

// Redis has any number of the first reports, and the daemon dies before the journal knows.
BOOST_AUTO_TEST_CASE(an_end_after_any_step_of_the_replay_charges_nothing_twice) {
    const std::vector<store::AccountingRecord> story{
        report(AccountingStatus::start, 0, 0),        report(AccountingStatus::interim, 50, 50),
        report(AccountingStatus::stop, 100, 100),     report(AccountingStatus::start, 200, 0),
        report(AccountingStatus::interim, 250, 50),   report(AccountingStatus::stop, 260, 60),
        report(AccountingStatus::start, 300, 0, "t"), report(AccountingStatus::interim, 340, 40, "t"),
    };
    lose_redis();
    for (const auto& record : story)
        BOOST_TEST(is_in_journal(record));
    return_redis();
    for (std::size_t steps = 0; steps <= story.size(); ++steps) {
        begin_life();
        BOOST_TEST(life->journal.state().pending == story.size());
        BOOST_TEST(life->journal.holds("id:lab"));
        for (std::size_t i = 0; i < steps; ++i)
            must(store.ledger.apply(story[i]));
    }
    BOOST_TEST(replays());
    BOOST_TEST(balance() == 3600 - 200);
    begin_life();
    BOOST_TEST(life->journal.state().pending == 0U);
    BOOST_TEST(!life->journal.holds("id:lab"));
}

BOOST_AUTO_TEST_CASE(a_torn_end_costs_nothing_that_was_acknowledged) {
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::stop, 600, 600)));
    life.reset();
    for (const auto& file : std::filesystem::directory_iterator(directory / "journal"))
        std::ofstream(file.path(), std::ios::app) << "HGJ1 half a rep";
    begin_life();
    return_redis();
    BOOST_TEST(replays());
    BOOST_TEST(balance() == 3000);
}

BOOST_AUTO_TEST_CASE(a_full_journal_acknowledges_nothing_more_and_keeps_what_it_has) {
    begin_life({.octets_max = 1000});
    lose_redis();
    int acknowledged = 0;
    while (acknowledged < 100 && is_acknowledged(report(AccountingStatus::interim, 0, acknowledged + 1)))
        ++acknowledged;
    BOOST_TEST(acknowledged > 2);
    BOOST_TEST(acknowledged < 20);
    BOOST_TEST(life->journal.state().refused > 0U);
    BOOST_TEST(life->journal.state().octets <= 1000U);
    return_redis();
    BOOST_TEST(replays());
    BOOST_TEST(balance() == 3600 - acknowledged);
    BOOST_TEST(is_in_ledger(report(AccountingStatus::interim, 0, 500)));
}

BOOST_AUTO_TEST_CASE(switched_off_it_is_still_replayed_and_takes_nothing_new) {
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 300, 300)));
    begin_life({.takes_new = false});
    BOOST_TEST(!is_acknowledged(report(AccountingStatus::interim, 400, 400)));
    return_redis();
    BOOST_TEST(!is_acknowledged(report(AccountingStatus::interim, 400, 400)));
    BOOST_TEST(replays());
    BOOST_TEST(is_in_ledger(report(AccountingStatus::interim, 400, 400)));
    BOOST_TEST(balance() == 3200);
}

// One user's account is spoilt: his report shall not keep the others from Redis for ever.
BOOST_AUTO_TEST_CASE(a_report_that_redis_refuses_is_set_aside_and_the_rest_goes_on) {
    const auto bob = make_user("bob", store::Seconds(1000)).id;
    redis({"DEL", store::keys::account(store::UserTag::of(bob))});
    redis({"SET", store::keys::account(store::UserTag::of(bob)), "spoilt"});
    lose_redis();
    auto spoilt = report(AccountingStatus::interim, 10, 10);
    spoilt.username = "bob";
    BOOST_TEST(is_in_journal(spoilt));
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 300, 300)));
    return_redis();
    BOOST_TEST(replays());
    BOOST_TEST(balance() == 3300);
    BOOST_TEST(life->journal.state().set_aside == 1U);
    BOOST_TEST(std::filesystem::file_size(directory / "journal/set-aside") > 0U);
}

BOOST_AUTO_TEST_CASE(redis_leaving_in_the_middle_of_the_replay_loses_nothing) {
    lose_redis();
    for (int i = 1; i <= 600; ++i)
        BOOST_TEST_REQUIRE(
            is_in_journal(report(AccountingStatus::interim, i, i, "s" + std::to_string(i % 3))));
    return_redis();
    life->begin_replay();
    loop.restart();
    loop.run_for(150ms);
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 700, 601, "s0")));
    return_redis();
    BOOST_TEST(run(replay_until_done()));
    BOOST_TEST(balance() == 3600 - 601 - 598 - 599);
}

// What the NAS said when nobody could listen counts from when it said so: the session has run since.
BOOST_AUTO_TEST_CASE(a_replayed_report_was_heard_when_it_arrived) {
    BOOST_TEST(is_in_ledger(report(AccountingStatus::start, 0, 0)));
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::interim, 300, 300)));
    return_redis();
    BOOST_TEST(replays());
    const auto account = must(store.users.find(ann)).account;
    BOOST_TEST_REQUIRE(account.heard.size() == 1U);
    BOOST_TEST((account.heard.front() == now + 300s));
    BOOST_TEST((account.balance_at(now + 400s) == store::Seconds(3200)));
    BOOST_TEST(must(store.deadlines.claim(now + 300s, 100)).empty());
    BOOST_TEST(must(store.deadlines.claim(now + 300s + account.stale_limit, 100)).size() == 1U);
}

// Redis believes that s1 still runs; its Stop is in the journal. Nobody may be ended for that.
BOOST_AUTO_TEST_CASE(nobody_is_due_before_the_journal_is_replayed) {
    BOOST_TEST(is_in_ledger(report(AccountingStatus::start, 0, 0)));
    lose_redis();
    BOOST_TEST(is_in_journal(report(AccountingStatus::stop, 600, 600)));
    return_redis();
    BOOST_TEST(run(life->replay.announce()));
    BOOST_TEST(must(store.deadlines.claim(now + 1h, 100)).empty());
    BOOST_TEST(replays());
    BOOST_TEST(must(store.deadlines.claim(now + 1h, 100)).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

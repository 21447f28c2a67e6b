// An audit of a real Redis: each damage is found, and found alone; a ledger under load raises no alarm.
#include "store/audit.hpp"

#include "store/accounting_script.hpp"
#include "store/session_text.hpp"
#include "tests/support/session_fixture.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::UserTag;

namespace {

constexpr int users_under_load = 30;
constexpr int rounds_under_load = 20;
constexpr int walks_beside_others = 3;

struct AuditFixture : test::SessionFixture {
    // Reports arrive now: what was never heard for long would be overdue.
    AuditFixture() { now = clock() - 200s; }

    // Users 1 to 4 and a stranger: running, closed, removed, unmetered.
    void make_world() {
        for (const auto* name : {"ann", "ben", "cid"})
            make_user(name, 1000s, name[0] == 'b' ? 2 : 1);
        make_user("dan", {}, 1);
        must(store.credits.add({.user = 1,
                                .seconds = 500s,
                                .reason = "paid",
                                .source = "test",
                                .idempotency_key = "k",
                                .now = now}));
        for (const auto* name : {"ann", "ben", "cid", "dan", "stranger"}) {
            apply(name, "one", AccountingStatus::start, 0s);
            apply(name, "one", AccountingStatus::stop, 60s, 60s);
            apply(name, "two", AccountingStatus::start, 70s);
            apply(name, "two", AccountingStatus::interim, 100s, 30s);
        }
        must(store.users.remove(3, true));
    }

    std::vector<store::AuditFinding> audit(std::vector<store::OrganizationId> organizations = {},
                                           store::AuditPosition from = {}) {
        store::Audit walk(store.redis, store.rules, std::move(organizations), from);
        std::vector<store::AuditFinding> findings;
        for (bool is_complete = false; !is_complete;) {
            auto step = must(walk.step(clock()));
            std::ranges::move(step.findings, std::back_inserter(findings));
            checked += step.checked;
            is_complete = step.is_complete;
        }
        return findings;
    }

    std::vector<std::string> kinds(const std::vector<store::AuditFinding>& findings) const {
        std::vector<std::string> texts;
        for (const auto& finding : findings)
            texts.push_back(finding.username + " " + std::string(name_of(finding.violation.kind)));
        return texts;
    }

    std::string entry(const std::string& username, const UserTag& tag, const std::string& session) {
        for (const auto& each : list({.username = username})) {
            if (each.session.session_id == session)
                return store::SessionEntry{tag, each.session.started, store::session_field("nas", session)}
                    .member();
        }
        throw std::runtime_error("no such session");
    }

    static store::Time clock() {
        return std::chrono::floor<store::Seconds>(std::chrono::system_clock::now());
    }

    std::uint64_t checked = 0;
};

awaitable<result<void>> walk(AuditFixture& fixture, std::vector<store::AuditFinding>& findings) {
    for (int walks = 0; walks < walks_beside_others; ++walks) {
        store::Audit audit(fixture.store.redis, fixture.store.rules, {}, {});
        for (bool is_complete = false; !is_complete;) {
            auto step = co_await audit.step(AuditFixture::clock());
            if (!step) co_return step.error();
            std::ranges::move(step->findings, std::back_inserter(findings));
            is_complete = step->is_complete;
        }
    }
    co_return result<void>();
}

void expect_none(const std::vector<store::AuditFinding>& findings) {
    for (const auto& finding : findings)
        BOOST_ERROR(finding.username + ": " + finding.violation.sentence);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit, AuditFixture)

BOOST_AUTO_TEST_CASE(a_sound_ledger_is_clean_and_everybody_is_checked) {
    expect_none(audit());
    make_world();
    expect_none(audit());
    BOOST_TEST(checked == 5U);
}

BOOST_AUTO_TEST_CASE(each_damage_is_found_and_no_other) {
    struct Row {
        const char* kind;
        std::function<void(AuditFixture&)> damage;
    };
    using F = AuditFixture;
    namespace keys = store::keys;
    const auto ann = UserTag::of(1);
    const auto stranger = UserTag::of_unknown("stranger");
    const auto one = store::session_field("nas", "one");
    const std::vector<Row> rows{
        {"ann consumed_differs",      [&](F& f) { f.redis({"HINCRBY", keys::account(ann), "consumed", "1"}); }        },
        {"ann credited_differs",      [&](F& f) { f.redis({"HINCRBY", keys::account(ann), "credited", "1"}); }        },
        {"ann unreadable",            [&](F& f) { f.redis({"SET", keys::account(ann), "5"}); }                        },
        {" unreadable",               [&](F& f) { f.redis({"SET", keys::user(ann), "ann"}); }                         },
        {"ann unreadable",            [&](F& f) { f.redis({"HSET", keys::account(ann), "credited", "much"}); }        },
        {"ann unreadable",            [&](F& f) { f.redis({"HSET", keys::closed(ann), one, "nonsense"}); }            },
        {"ann consumed_differs",      [&](F& f) { f.redis({"HDEL", keys::closed(ann), one}); }                        },
        {"ann details_missing",       [&](F& f) { f.redis({"HDEL", keys::details(ann), "1"}); }                       },
        {"ann session_doubled",       [&](F& f) { f.redis({"HSET", keys::account(ann), "sessions", "1"}); }           },
        {"ann name_unclaimed",        [&](F& f) { f.redis({"DEL", keys::name("ann")}); }                              },
        {"ann name_unclaimed",        [&](F& f) { f.redis({"SET", keys::name("ann"), "2 0"}); }                       },
        {"ann user_unlisted",         [&](F& f) { f.redis({"ZREM", keys::users, "1"}); }                              },
        {"ben user_unlisted",         [&](F& f) { f.redis({"ZREM", keys::users_of(2), "2"}); }                        },
        {"dan session_unlisted",
         [&](F& f) {
             f.redis({"ZREM", keys::sessions_of_organization(1), f.entry("dan", UserTag::of(4), "one")});
         }                                                                                                            },
        {"ben session_unlisted",
         [&](F& f) {
             f.redis({"ZREM", keys::sessions_of_nas("nas"), f.entry("ben", UserTag::of(2), "two")});
         }                                                                                                            },
        {"ben deadline_missing",
         [&](F& f) { f.redis({"ZREM", store::deadline_index_of(UserTag::of(2)), "2"}); }                              },
        {"cid leftover",              [&](F& f) { f.redis({"HSET", keys::account(UserTag::of(3)), "credited", "5"}); }},
        {"cid leftover",              [&](F& f) { f.redis({"HSET", keys::logins(UserTag::of(3)), "last", "5"}); }     },
        {"cid user_unlisted",         [&](F& f) { f.redis({"DEL", keys::removed_users("cid")}); }                     },
        {"stranger consumed_differs",
         [&](F& f) { f.redis({"HSET", keys::account(stranger), "consumed", "5"}); }                                   },
        {"stranger deadline_missing",
         [&](F& f) { f.redis({"ZREM", store::deadline_index_of(stranger), stranger.text}); }                          },
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.kind) {
            redis({"FLUSHALL"});
            store.users.forget_name("ann");
            make_world();
            row.damage(*this);
            BOOST_TEST(kinds(audit()) == std::vector<std::string>{row.kind},
                       boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_of_one_organization_is_told_of_no_other) {
    make_world();
    redis({"HINCRBY", store::keys::account(UserTag::of(1)), "consumed", "1"});
    redis({"HINCRBY", store::keys::account(UserTag::of(2)), "consumed", "1"});
    redis({"ZADD", store::keys::users_of(2), "1", "1"});  // as of one who has left
    redis({"HSET", store::keys::account(UserTag::of_unknown("stranger")), "consumed", "5"});
    BOOST_TEST(kinds(audit({1})) == std::vector<std::string>{"ann consumed_differs"},
               boost::test_tools::per_element());
    BOOST_TEST(kinds(audit({2})) == std::vector<std::string>{"ben consumed_differs"},
               boost::test_tools::per_element());
    BOOST_TEST(audit({2}, {.unknown = store::started_most}).empty());
}

BOOST_AUTO_TEST_CASE(an_audit_that_was_left_off_goes_on_behind_its_position) {
    constexpr int users = 50;
    for (int i = 1; i <= users; ++i) {
        make_user("user" + std::to_string(i), 10s);
        redis({"HINCRBY", store::keys::account(UserTag::of(i)), "credited", "1"});
        apply("unknown" + std::to_string(i), "s", AccountingStatus::start, std::chrono::seconds(i));
        redis({"HSET", store::keys::account(UserTag::of_unknown("unknown" + std::to_string(i))), "consumed",
               "1"});
    }
    std::map<std::string, int> found;
    store::AuditPosition position;
    for (bool is_complete = false; !is_complete;) {
        const auto resumed = store::parse_audit_position(encode(position));
        BOOST_TEST_REQUIRE(resumed.has_value());
        store::Audit walk(store.redis, store.rules, {}, *resumed);
        const auto step = must(walk.step(clock()));
        for (const auto& finding : step.findings)
            ++found[finding.username];
        position = walk.position();
        is_complete = step.is_complete;
    }
    BOOST_TEST(found.size() == 2U * users);
}

BOOST_AUTO_TEST_CASE(a_stranger_with_many_sessions_is_told_of_once) {
    for (int i = 0; i < 50; ++i)
        apply("stranger", "s" + std::to_string(i), AccountingStatus::stop, std::chrono::seconds(i), 1s);
    redis({"HSET", store::keys::account(UserTag::of_unknown("stranger")), "consumed", "5"});
    BOOST_TEST(audit().size() == 1U);
}

BOOST_AUTO_TEST_CASE(each_of_very_many_sessions_is_looked_for) {
    make_user("ann", 5000s);
    constexpr int sessions = 1200;
    for (int i = 0; i < sessions; ++i)
        apply("ann", "s" + std::to_string(i), AccountingStatus::stop, std::chrono::seconds(i % 100), 1s);
    expect_none(audit());
    redis({"DEL", store::keys::sessions_of_organization(1)});
    BOOST_TEST(audit().size() == std::size_t{sessions});
}

BOOST_AUTO_TEST_CASE(a_report_whose_daemon_died_is_no_violation_until_its_nas_has_given_up) {
    make_user("ann", 1000s, 1);
    const auto die = [&](const std::string& session, std::chrono::seconds at) {
        store::Pipeline report_alone;
        store::add_report(report_alone, {UserTag::of(1), store::session_field("nas", session)},
                          report("ann", session, AccountingStatus::interim, at, 10s), {.is_there = true}, {},
                          store.rules);
        must(store.redis.execute(std::move(report_alone)));
    };
    die("s1", 100s);
    expect_none(audit());

    now -= 10'000s;
    redis({"DEL", store::keys::account(UserTag::of(1))});
    must(store.users.remove(1, true));
    make_user("ben", 1000s, 1);
    store::Pipeline report_alone;
    store::add_report(report_alone, {UserTag::of(2), store::session_field("nas", "s1")},
                      report("ben", "s1", AccountingStatus::interim, 100s, 10s), {.is_there = true}, {},
                      store.rules);
    must(store.redis.execute(std::move(report_alone)));
    BOOST_TEST(kinds(audit()) == std::vector<std::string>{"ben deadline_missing"},
               boost::test_tools::per_element());
}

// The NAS's list is read later than the session that it must name: what ends or moves in between is looked
// for again.
BOOST_AUTO_TEST_CASE(what_is_missing_for_a_moment_is_no_violation) {
    make_world();
    const auto list = store::keys::sessions_of_nas("nas");
    const auto member = entry("ann", UserTag::of(1), "two");
    redis({"ZREM", list, member});
    const auto restore = [](AuditFixture& f, std::string key, std::string name) -> awaitable<result<void>> {
        boost::asio::steady_timer timer(f.loop, store::Audit::look_again_delay / 2);
        co_await timer.async_wait(boost::asio::use_awaitable);
        const auto added = co_await f.store.redis.execute(store::Pipeline().add({"ZADD", key, "1", name}));
        if (!added) co_return added.error();
        co_return result<void>();
    };
    std::vector<store::AuditFinding> findings;
    std::vector<awaitable<result<void>>> tasks;
    tasks.push_back(restore(*this, list, member));
    tasks.push_back(walk(*this, findings));
    for (const auto& outcome : run_all(std::move(tasks)))
        BOOST_TEST(outcome.has_value());
    expect_none(findings);
}

BOOST_AUTO_TEST_CASE(a_ledger_under_load_raises_no_alarm) {
    for (int i = 1; i <= users_under_load; ++i)
        make_user("user" + std::to_string(i), 100s, 1);
    const auto load = [](AuditFixture& f, int user) -> awaitable<result<void>> {
        const auto name = "user" + std::to_string(user);
        for (int round = 0; round < rounds_under_load; ++round) {
            const auto session = "s" + std::to_string(round % 3);
            const std::chrono::seconds at(3 * round);
            for (const auto status :
                 {AccountingStatus::start, AccountingStatus::interim, AccountingStatus::stop}) {
                const auto offset = std::chrono::seconds(static_cast<int>(status));
                const auto applied =
                    co_await f.store.ledger.apply(f.report(name, session, status, at + offset, offset));
                if (!applied) co_return applied.error();
            }
            const auto credited = co_await f.store.credits.add({.user = user,
                                                                .seconds = 1s,
                                                                .reason = "",
                                                                .source = "test",
                                                                .idempotency_key = "",
                                                                .now = f.now});
            if (!credited) co_return credited.error();
            const auto moved =
                co_await f.store.users.change(user,
                                              {
                                                  {"organization", std::to_string(1 + round % 2)}
            },
                                              {}, "test", f.now);
            if (!moved) co_return moved.error();
        }
        co_return result<void>();
    };
    std::vector<store::AuditFinding> findings;
    std::vector<awaitable<result<void>>> tasks;
    for (int i = 1; i <= users_under_load; ++i)
        tasks.push_back(load(*this, i));
    tasks.push_back(walk(*this, findings));
    for (const auto& outcome : run_all(std::move(tasks)))
        BOOST_TEST(outcome.has_value());
    expect_none(findings);
    expect_none(audit());
}

BOOST_AUTO_TEST_SUITE_END()

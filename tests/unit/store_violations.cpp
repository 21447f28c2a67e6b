// Each violation, made by hand of a ledger that is right.
#include "store/lookups.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace hourglass::store;
using namespace std::chrono_literals;

namespace {

constexpr Time joined{1'000'000s};

Credit credit(std::uint64_t number, Seconds seconds, Balance before, Balance after) {
    Credit made;
    made.number = number;
    made.time = joined;
    made.seconds = seconds;
    made.before = before;
    made.after = after;
    return made;
}

KeptSession session(std::uint64_t number, const std::string& id, bool is_running, Seconds mark,
                    Seconds charged, Seconds uncovered = 0s) {
    KeptSession kept{.session = {}, .field = "s3:nas2:" + id, .is_newest = true, .is_listed = true};
    kept.session.number = number;
    kept.session.nas = "nas";
    kept.session.session_id = id;
    kept.session.is_running = is_running;
    kept.session.session_time = mark;
    kept.session.charged = charged;
    kept.session.uncovered = uncovered;
    kept.session.started = joined + Seconds(static_cast<std::int64_t>(number));
    return kept;
}

// Of 1,000 s and 500 s more, one session that runs has used 300 s, a closed one 90 s of 100 s, and one that
// is forgotten 10 s.
Holdings sound() {
    Holdings holdings;
    holdings.tag = UserTag::of(17);
    holdings.user = 17;
    holdings.username = "ann";
    holdings.organization = 1;
    holdings.record = Membership{.username = "ann", .organization = 1, .external_id = {}, .extra = {}};
    holdings.date_joined = joined;
    holdings.account.credited = 1500s;
    holdings.account.consumed = 400s;
    holdings.account.heard = {joined + 300s};
    holdings.sessions_numbered = 3;
    holdings.is_deadline_published = true;
    holdings.forgotten = 10s;
    holdings.sessions = {session(3, "s3", true, 300s, 300s), session(2, "s2", false, 100s, 90s, 10s)};
    holdings.details = {2, 3};
    holdings.credits = {credit(1, 1000s, {}, 1000s), credit(2, 500s, 900s, 1400s)};
    return holdings;
}

std::vector<std::string> kinds_of(const Holdings& holdings) {
    std::vector<std::string> kinds;
    for (const auto& violation : violations_of(holdings))
        kinds.emplace_back(name_of(violation.kind));
    return kinds;
}

std::vector<std::string> indexes_of(const Holdings& holdings, Time now) {
    std::vector<std::string> keys;
    for (const auto& lookup : lookups_of(holdings, now))
        keys.push_back(lookup.key + " " + lookup.member);
    return keys;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_violations)

BOOST_AUTO_TEST_CASE(a_sound_ledger_has_none) {
    BOOST_TEST(kinds_of(sound()) == std::vector<std::string>(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_violation_is_found_and_no_other) {
    struct Row {
        const char* damage;
        std::function<void(Holdings&)> make;
        std::vector<std::string> kinds;
    };
    const std::vector<Row> rows{
        {"a charge was lost",            [](Holdings& h) { h.account.consumed -= 1s; },         {"consumed_differs"}},
        {"forgotten twice",              [](Holdings& h) { h.forgotten += 10s; },               {"consumed_differs"}},
        {"credited by hand",             [](Holdings& h) { *h.account.credited += 1s; },        {"credited_differs"}},
        {"credited by hand, much",
         [](Holdings& h) { *h.account.credited += 1000s; },
         {"credited_differs", "balance_rose"}                                                                       },
        {"a credit was lost",
         [](Holdings& h) { h.credits.pop_back(); },
         {"credited_differs", "balance_rose"}                                                                       },
        {"less credited than consumed",
         [](Holdings& h) { h.account.credited = 399s; },
         {"balance_negative", "credited_differs"}                                                                   },
        {"no longer metered, no credit",
         [](Holdings& h) { h.account.credited.reset(); },
         {"credited_differs"}                                                                                       },
        {"a credit found more than was",
         [](Holdings& h) { h.credits[1] = credit(2, 500s, 1001s, 1501s); },
         {"balance_rose"}                                                                                           },
        {"a credit that adds up wrong",
         [](Holdings& h) { h.credits[1].after = 1401s; },
         {"credited_differs"}                                                                                       },
        {"charged more than reported",
         [](Holdings& h) { h.sessions[0].session.session_time -= 1s; },
         {"overcharged"}                                                                                            },
        {"charged less than reported",
         [](Holdings& h) { h.sessions[1].session.uncovered -= 1s; },
         {"undercharged"}                                                                                           },
        {"a number twice",               [](Holdings& h) { h.sessions[1].session.number = 3; }, {"session_doubled"} },
        {"a number that comes again",    [](Holdings& h) { h.sessions_numbered = 2; },          {"session_doubled"} },
        {"running and closed",
         [](Holdings& h) { h.sessions[1].field = h.sessions[0].field; },
         {"session_doubled"}                                                                                        },
        {"no details",                   [](Holdings& h) { h.details.erase(2); },               {"details_missing"} },
        {"an account that is left",
         [](Holdings& h) {
             h.record.reset();
             h.leftovers = {"account"};
         },                                                                                     {"leftover"}        },
        {"not to be read",               [](Holdings& h) { h.unreadable = {"session s"}; },     {"unreadable"}      },
    };
    for (const auto& row : rows) {
        auto holdings = sound();
        row.make(holdings);
        BOOST_TEST_CONTEXT(row.damage) {
            BOOST_TEST(kinds_of(holdings) == row.kinds, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(time_that_was_not_metered_is_not_missed) {
    auto holdings = sound();
    holdings.sessions[1].session.uncovered = 0s;
    BOOST_TEST(kinds_of(holdings).size() == 1U);

    auto later = holdings;
    later.credits.front().time += 1s;
    BOOST_TEST(kinds_of(later).empty());

    auto between = holdings;
    between.credits = {credit(1, 1000s, {}, 1000s), credit(2, -1000s, 900s, {}), credit(3, 1500s, {}, 1400s)};
    BOOST_TEST(kinds_of(between).empty());
}

BOOST_AUTO_TEST_CASE(a_removed_user_has_his_closed_sessions_and_no_sums) {
    auto holdings = sound();
    holdings.record.reset();
    holdings.account = {};
    holdings.credits.clear();
    holdings.sessions.erase(holdings.sessions.begin());
    BOOST_TEST(kinds_of(holdings).empty());
    BOOST_TEST(indexes_of(holdings, joined) ==
                   std::vector<std::string>(
                       {"hg:organization:1:sessions 17 1000002 s3:nas2:s2", "hg:removed_users:ann 17"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(usage_of_nobody_is_charged_to_nobody) {
    auto holdings = sound();
    holdings.tag = UserTag::of_unknown("nobody");
    holdings.user = 0;
    holdings.record.reset();
    holdings.account.credited.reset();
    holdings.credits.clear();
    holdings.forgotten = 0s;
    BOOST_TEST(kinds_of(holdings) == std::vector<std::string>{"consumed_differs"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_index_must_name_what_is_there) {
    auto holdings = sound();
    holdings.record->is_active = false;
    BOOST_TEST(indexes_of(holdings, joined) == std::vector<std::string>({
                                                   "hg:name:ann 17",
                                                   "hg:usernames ann" + std::string(1, '\0') + "17",
                                                   "hg:users 17",
                                                   "hg:organization:1:users 17",
                                                   "hg:users:inactive 17",
                                                   "hg:organization:1:users:inactive 17",
                                                   "hg:organization:1:sessions 17 1000003 s3:nas2:s3",
                                                   "hg:nas:6e6173:sessions 17 1000003 s3:nas2:s3",
                                                   "hg:organization:1:sessions 17 1000002 s3:nas2:s2",
                                                   "hg:deadlines:0 17",
                                               }),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_not_acknowledged_may_be_missing) {
    auto holdings = sound();
    holdings.sessions[0].is_listed = false;
    holdings.is_deadline_published = false;
    const auto silent = holdings.account.heard.front() + holdings.account.stale_limit;
    BOOST_TEST(indexes_of(holdings, silent).size() == 5U);
    BOOST_TEST(indexes_of(holdings, silent + 1s).back() == "hg:deadlines:0 17");
}

BOOST_AUTO_TEST_SUITE_END()

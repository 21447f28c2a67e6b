// A simulated fleet judges the daemon: what it must find wrong, and what it must not.
#include "cli/conservation.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;
using hourglass::nas::UserTruth;

namespace {

constexpr Account fresh{.credited = 100, .consumed = 0, .balance = 100};

Account used(std::int64_t seconds) {
    return {.credited = 100, .consumed = seconds, .balance = 100 - seconds};
}

Json session(const char* id, int duration, int charged, const char* status = "completed") {
    return {
        {"session_id",       id      },
        {"nas_identifier",   "nas-1" },
        {"session_duration", duration},
        {"charged",          charged },
        {"session_status",   status  }
    };
}

// Two stays: of 30 s, whose Stop was acknowledged, and of 20 s, of which 5 s were.
UserTruth two_stays() {
    UserTruth truth;
    auto& first = truth.sessions.emplace_back("run-1", "nas-1");
    first.report(30);
    first.acknowledge(30, true);
    auto& second = truth.sessions.emplace_back("run-2", "nas-1");
    second.report(5);
    second.acknowledge(5, false);
    second.report(20);
    return truth;
}

std::vector<std::string> judge(const Account& after, const Json& sessions) {
    return violations_of(two_stays(), fresh, after, sessions, "run-");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_conservation)

BOOST_AUTO_TEST_CASE(a_report_without_an_answer_may_have_been_charged_or_not) {
    for (const int seconds : {5, 12, 20}) {
        const auto sessions = Json{session("run-1", 30, 30), session("run-2", seconds, seconds, "active")};
        BOOST_TEST(judge(used(30 + seconds), sessions).empty());
    }
}

BOOST_AUTO_TEST_CASE(use_beyond_the_balance_is_not_charged) {
    UserTruth truth;
    auto& stay = truth.sessions.emplace_back("run-1", "nas-1");
    stay.report(130);
    stay.acknowledge(130, true);
    BOOST_TEST(
        violations_of(truth, fresh, used(100), Json::array({session("run-1", 130, 100)}), "run-").empty());
    BOOST_TEST(
        violations_of(truth, fresh, used(99), Json::array({session("run-1", 130, 99)}), "run-").size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
    const auto first = session("run-1", 30, 30);
    const auto second = session("run-2", 5, 5, "active");
    struct Row {
        const char* claim;
        Account after;
        Json sessions;
        std::vector<std::string> said;
    };
    for (const auto& row : {
             Row{"seconds were lost",
                 used(34),
                 {session("run-1", 29, 29), second},
                 {"consumed 34 s, used from 35 s to 50 s", "session run-1 has 29 s, used 30 s"}},
             Row{"seconds were charged twice",
                 used(51),
                 {session("run-1", 31, 31), session("run-2", 20, 20)},
                 {"consumed 51 s, used from 35 s to 50 s", "session run-1 has 31 s, used 30 s"}},
             Row{"the sum does not hold",
                 {.credited = 100, .consumed = 35, .balance = 66},
                 {first, second},
                 {"credited 100 s less consumed 35 s is not the balance of 66 s"}              },
             Row{"a charge has no session",
                 used(40),
                 {first, second},
                 {"consumed 40 s, charged to the sessions 35 s"}                               },
             Row{"a session is lost",
                 used(35),
                 Json::array({session("run-1", 30, 35)}),
                 {"session run-2 is lost"}                                                     },
             Row{"a session is doubled",
                 used(35),
                 {first, second, session("run-2", 5, 0)},
                 {"session run-2 is there 2 times"}                                            },
             Row{"a session was never run",
                 used(35),
                 {first, second, session("run-3", 0, 0)},
                 {"session run-3 was never run"}                                               },
             Row{"a session runs on",
                 used(35),
                 {session("run-1", 30, 30, "active"), second},
                 {"session run-1 runs on after its Stop"}                                      }
    }) {
        BOOST_TEST_CONTEXT(row.claim) {
            BOOST_TEST(judge(row.after, row.sessions) == row.said, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_session_of_which_no_report_was_acknowledged_may_be_unknown) {
    UserTruth truth;
    truth.sessions.emplace_back("run-1", "nas-1").report(0);
    BOOST_TEST(violations_of(truth, fresh, used(0), Json::array(), "run-").empty());
}

BOOST_AUTO_TEST_CASE(other_sessions_of_the_user_and_earlier_use_are_left_out) {
    const Account before{.credited = 200, .consumed = 100, .balance = 100};
    const Account after{.credited = 260, .consumed = 135, .balance = 125};
    const auto sessions =
        Json{session("older", 100, 100), session("run-1", 30, 30), session("run-2", 5, 5, "active")};
    BOOST_TEST(violations_of(two_stays(), before, after, sessions, "run-").empty());
}

BOOST_AUTO_TEST_CASE(users_who_are_not_metered_have_their_sessions_judged) {
    const Account unmetered{};
    const auto sessions = Json{session("run-1", 30, 0), session("run-2", 5, 0, "active")};
    BOOST_TEST(violations_of(two_stays(), unmetered, unmetered, sessions, "run-").empty());
    BOOST_TEST(violations_of(two_stays(), unmetered, unmetered, Json::array({sessions[0]}), "run-").size() ==
               1U);
}

BOOST_AUTO_TEST_SUITE_END()

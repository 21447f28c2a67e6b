// Sessions as the tool shows them: sorted, in words, and with what their users have left.
#include "cli/disconnect_outcome.hpp"
#include "cli/failure.hpp"
#include "cli/session_table.hpp"
#include "cli/time_left.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;
using namespace std::chrono_literals;

namespace {

Json session(int id, const char* user, int seconds) {
    return {
        {"radacctid",        id      },
        {"username",         user    },
        {"session_duration", seconds },
        {"session_status",   "active"}
    };
}

std::string ids_of(const Json& sessions) {
    std::string ids;
    for (const auto& each : sessions)
        ids += (ids.empty() ? "" : " ") + each.at("radacctid").dump();
    return ids;
}

Json with_disconnect(Json disconnect, const char* status = "active") {
    return {
        {"session_status", status               },
        {"disconnect",     std::move(disconnect)}
    };
}

Json of_user(int user) {
    return {
        {"radacctid", 1   },
        {"user",      user}
    };
}

const TimeLeft::Clock::time_point noon{12h};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_sessions)

BOOST_AUTO_TEST_CASE(sessions_are_sorted_by_what_was_asked_for) {
    Json sessions{session(3, "bob", 10), session(1, "ann", 30), session(2, "ann", 20)};
    sort_sessions(sessions, "duration");
    BOOST_TEST(ids_of(sessions) == "1 2 3");
    sort_sessions(sessions, "user");
    BOOST_TEST(ids_of(sessions) == "1 2 3");
    BOOST_CHECK_THROW(sort_sessions(sessions, "colour"), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_nas_is_called_by_its_entry_or_else_by_what_it_says) {
    auto known = session(1, "ann", 1);
    known["client"] = nullptr;
    known["nas_identifier"] = "lobby-ap";
    BOOST_TEST(readable_session(known)["nas"] == "lobby-ap");
    known["client"] = "lobby";
    BOOST_TEST(readable_session(known)["nas"] == "lobby");
    BOOST_TEST(readable_session(known)["state"] == "running");
}

BOOST_AUTO_TEST_CASE(what_a_nas_said_is_told_in_words) {
    const auto refused = with_disconnect({
        {"outcome",     "refused"},
        {"error_cause", 503      }
    });
    BOOST_TEST(disconnect_outcome(refused) ==
               "refused (Disconnect-NAK, Error-Cause 503 Session Context Not Found)");
    BOOST_TEST(!is_disconnect_good(refused));
    BOOST_TEST(!is_disconnect_pending(refused));

    const auto promised = with_disconnect({
        {"outcome", "acknowledged"}
    });
    BOOST_TEST(is_disconnect_good(promised));
    BOOST_TEST(disconnect_outcome(promised) == "acknowledged (Disconnect-ACK): the NAS will end it");

    const auto asked = with_disconnect({
        {"outcome", "requested"}
    });
    BOOST_TEST(is_disconnect_pending(asked));
    BOOST_TEST(!is_disconnect_good(asked));

    const auto over = with_disconnect(nullptr, "completed");
    BOOST_TEST(is_disconnect_good(over));
    BOOST_TEST(disconnect_outcome(over) == "over");
}

BOOST_AUTO_TEST_CASE(between_two_readings_a_balance_falls_by_itself) {
    int readings = 0;
    TimeLeft time_left([&](std::int64_t) -> Json {
        ++readings;
        return 100;
    });
    Json sessions{of_user(1), of_user(1)};  // both burn it
    time_left.add_to(sessions, noon);
    BOOST_TEST(sessions[0]["time_left"] == 100);
    time_left.add_to(sessions, noon + 10s);
    BOOST_TEST(sessions[0]["time_left"] == 80);
    BOOST_TEST(readings == 1);
    time_left.add_to(sessions, noon + TimeLeft::reading_good_for);
    BOOST_TEST(readings == 2);
}

BOOST_AUTO_TEST_CASE(however_many_users_are_watched_few_balances_are_read_at_once) {
    std::size_t readings = 0;
    TimeLeft time_left([&](std::int64_t) -> Json {
        ++readings;
        return nullptr;
    });
    Json sessions = Json::array();
    for (int user = 0; user < 100; ++user)
        sessions.push_back(of_user(user));
    time_left.add_to(sessions, noon);
    BOOST_TEST(readings == TimeLeft::readings_per_round_max);
    BOOST_TEST(sessions[0]["time_left"].is_null());
    BOOST_TEST(sessions[99]["time_left"] == "?");
}

BOOST_AUTO_TEST_CASE(a_user_who_was_removed_meanwhile_has_nothing_to_show) {
    TimeLeft time_left(
        [](std::int64_t) -> Json { throw Failure(ExitStatus::refused, "There is no such user."); });
    auto sessions = Json::array({of_user(1)});
    time_left.add_to(sessions, noon);
    BOOST_TEST(sessions[0]["time_left"].is_null());
}

BOOST_AUTO_TEST_SUITE_END()

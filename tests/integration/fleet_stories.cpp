// hourglass simulate against the real daemon: a fleet over a bad network, over a daemon and a Redis that are
// killed, with NASes that obey or do not; and a fleet that must find the account wrong.
#include "tests/integration/fleet.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <signal.h>
#include <thread>

using namespace hourglass::test;

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto fleet_client =
    "[[radius.client]]\nname = \"fleet\"\naddress = \"127.77.0.0/16\"\nsecret = \"testing123\"\n";
constexpr std::chrono::milliseconds poll_interval{50};
constexpr std::chrono::seconds session_time_limit{20};

std::int64_t count_of(const Administrator& administrator, const std::string& path) {
    return administrator.ask("GET", path).body.at("count").get<std::int64_t>();
}

// The first session that runs, or that `is_wanted`; null if there is none within the time limit.
Json session_when(const Administrator& administrator, const std::string& path,
                  const std::function<bool(const Json&)>& is_wanted) {
    const auto deadline = Clock::now() + session_time_limit;
    while (Clock::now() < deadline) {
        const auto page = administrator.ask("GET", path).body;
        for (const auto& session : page.at("results"))
            if (is_wanted(session)) return session;
        std::this_thread::sleep_for(poll_interval);
    }
    return {};
}

bool has_reported(const Json& session) {
    return session.at("session_duration").get<std::int64_t>() > 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fleet)

BOOST_AUTO_TEST_CASE(a_fleet_over_a_bad_network_is_conserved_and_leaves_nothing) {
    const Daemon daemon({.more = fleet_client});
    const Administrator administrator(daemon);
    Fleet fleet(daemon, {"--users",    "20", "--devices", "2",  "--nases",    "5",  "--for",          "10s",
                         "--stay",     "3s", "--pause",   "1s", "--interim",  "1",  "--balance",      "6s",
                         "--loss",     "15", "--repeats", "15", "--disorder", "15", "--reboot-every", "6s",
                         "--patience", "20s"});
    expect_conserved(fleet);
    const auto result = fleet.result();
    for (const auto* count : {"lost", "repeats", "late", "duplicated", "restarts", "rejects", "uncovered"})
        BOOST_TEST(result[count].get<int>() > 0, count);
    BOOST_TEST(count_of(administrator, "/user_token/") == 0);
}

BOOST_AUTO_TEST_CASE(a_daemon_killed_under_load_loses_and_doubles_nothing) {
    Daemon daemon({.more = fleet_client});
    Fleet fleet(daemon, {"--users", "30", "--for", "10s", "--stay", "3s", "--pause", "0", "--interim", "1"});
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(std::chrono::seconds(2));
        daemon.kill();
        daemon.start();
    }
    BOOST_TEST(fleet.is_running());
    expect_conserved(fleet);
    BOOST_TEST(fleet.result()["repeats"].get<int>() > 0);
}

BOOST_AUTO_TEST_CASE(a_redis_killed_under_load_loses_and_doubles_nothing) {
    Daemon daemon({.more = fleet_client});
    Fleet fleet(daemon, {"--users", "30", "--for", "10s", "--stay", "3s", "--pause", "0", "--interim", "1"});
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(std::chrono::seconds(2));
        kill(daemon.redis_pid(), SIGKILL);
        daemon.wait_until_ready();
    }
    BOOST_TEST(fleet.is_running());
    expect_conserved(fleet);
}

BOOST_AUTO_TEST_CASE(an_account_that_is_wrong_is_found_and_its_user_kept) {
    const Daemon daemon({.more = fleet_client});
    const Administrator administrator(daemon);
    Fleet fleet(daemon, {"--users", "1", "--nases", "1", "--for", "8s", "--stay", "30s", "--interim", "1"});
    const auto session = session_when(administrator, "/session/", has_reported);
    BOOST_TEST_REQUIRE(!session.is_null());
    const auto name = session.at("username").get<std::string>();
    const auto id = session.at("session_id").get<std::string>();
    const auto stranger = radclient(daemon, "acct",
                                    "User-Name=" + name + ",NAS-Identifier=stranger,Acct-Session-Id=" + id +
                                        "-stranger,Acct-Status-Type=Stop,"
                                        "Acct-Session-Time=7");
    BOOST_TEST(stranger.packet == "Accounting-Response");

    BOOST_TEST(fleet.wait() == 1, fleet.output());
    const auto violations = fleet.result()["violations"];
    BOOST_TEST_REQUIRE(violations.size() == 2U);
    BOOST_TEST(violations[0]["username"] == name);
    BOOST_TEST(violations[0]["detail"].get<std::string>().starts_with("consumed"));
    BOOST_TEST(violations[1]["detail"] == "session " + id + "-stranger was never run");
    BOOST_TEST(count_of(administrator, "/user_token/?username=" + name) == 1);
}

BOOST_AUTO_TEST_CASE(nases_react_to_a_disconnect_request_as_they_were_told) {
    struct Row {
        const char* reaction;
        const char* answer;  // of radclient; none for silence
        bool goes_on;
    };
    const Daemon daemon({.more = fleet_client});
    const Administrator administrator(daemon);
    for (const auto& row : {
             Row{"honour",   "Disconnect-ACK", false},
             Row{"ack_only", "Disconnect-ACK", true },
             Row{"nak",      "Disconnect-NAK", true },
             Row{"ignore",   "",               true }
    }) {
        BOOST_TEST_CONTEXT(row.reaction) {
            Fleet fleet(daemon, {"--users", "1", "--nases", "1", "--for", "6s", "--stay", "60s", "--pause",
                                 "60s", "--interim", "1", "--on-disconnect", row.reaction, "--loss", "0"});
            const auto session = session_when(administrator, "/session/", has_reported);
            BOOST_TEST_REQUIRE(!session.is_null());
            const auto asked =
                run({"radclient", "-x", "-r", "1", "-t", "1", "127.77.0.1:" + fleet.coa_port(), "disconnect",
                     nas_secret},
                    {.input = "Acct-Session-Id=" + session.at("session_id").get<std::string>()});
            const auto answer = asked.output + asked.errors;
            BOOST_TEST((answer.find("Received Disconnect") != std::string::npos) == (*row.answer != '\0'));
            BOOST_TEST(answer.find(row.answer) != std::string::npos, answer);

            BOOST_TEST(fleet.wait() == 0, fleet.output());
            const auto result = fleet.result();
            BOOST_TEST(result["disconnects"] == 1);
            BOOST_TEST(result["sessions"] == 1);
            const bool stayed = result["consumed"].get<int>() >= 4;
            BOOST_TEST(stayed == row.goes_on);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_run_without_a_session_proves_nothing_and_says_so) {
    const Daemon daemon({.more = fleet_client});
    const Administrator administrator(daemon);
    Fleet fleet(daemon, {"--users", "1", "--for", "2s", "--balance", "0"});
    BOOST_TEST(fleet.wait() == 1);
    BOOST_TEST(fleet.output().find("Not one session") != std::string::npos, fleet.output());
    BOOST_TEST(count_of(administrator, "/user_token/") == 0);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_does_not_know_the_fleet_is_said_before_anything_is_made) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    Fleet fleet(daemon, {"--for", "1s"});
    BOOST_TEST(fleet.wait() == 3);
    BOOST_TEST(fleet.output().find("127.77.0.1") != std::string::npos, fleet.output());
    BOOST_TEST(count_of(administrator, "/user_token/") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

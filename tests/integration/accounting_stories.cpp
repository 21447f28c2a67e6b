// What a session costs: each second once, whatever is repeated, lost or killed in between.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <signal.h>
#include <thread>

using namespace hourglass::test;
namespace nas = hourglass::nas;
using nas::AcctStatus;

namespace {

std::string report(const std::string& status, int seconds, const std::string& session = "s1") {
    return "User-Name=ann,NAS-Identifier=story,Acct-Session-Id=" + session + ",Acct-Status-Type=" + status +
           ",Acct-Session-Time=" + std::to_string(seconds);
}

std::string origin_of(const Daemon& daemon) {
    const auto url = daemon.api_url();
    return url.substr(0, url.find('/', url.find("//") + 2));
}

constexpr std::uint32_t sessions = 4;
constexpr std::uint32_t reports_a_session = 60;
constexpr std::uint32_t seconds_a_report = 10;
constexpr std::int64_t time_at_first = 1'000'000;
constexpr std::int64_t time_at_last =
    time_at_first - std::int64_t{sessions} * reports_a_session * seconds_a_report;
constexpr std::chrono::seconds outage_time_limit{60};

// One session after another, each report repeated until it is acknowledged. True if all were.
bool report_sessions(std::uint16_t port) {
    Nas reporting(port, "127.0.0.1");
    const auto tell = [&](AcctStatus status, const std::string& session, std::uint32_t seconds) {
        return reporting.ask(reporting.report(status, "ann", session, seconds), outage_time_limit)
            .has_value();
    };
    for (std::uint32_t i = 0; i < sessions; ++i) {
        const auto session = "session-" + std::to_string(i);
        if (!tell(AcctStatus::start, session, 0)) return false;
        for (std::uint32_t n = 1; n < reports_a_session; ++n) {
            if (!tell(AcctStatus::interim_update, session, n * seconds_a_report)) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        if (!tell(AcctStatus::stop, session, reports_a_session * seconds_a_report)) return false;
    }
    return true;
}

// A NAS reports while `disturb` happens; in the end every second is paid once.
void check_exact_while(const std::function<void(Daemon&)>& disturb) {
    Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", time_at_first}
    });
    bool all_acknowledged{};
    {
        const std::jthread reporting([&] { all_acknowledged = report_sessions(daemon.ports().acct); });
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        disturb(daemon);
    }
    BOOST_TEST(all_acknowledged);
    BOOST_TEST(administrator.settled_time(ann) == time_at_last);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(accounting)

BOOST_AUTO_TEST_CASE(a_session_is_charged_once_however_often_it_is_reported) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });

    BOOST_TEST(radclient(daemon, "acct", report("Start", 0)).packet == "Accounting-Response");
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(radclient(daemon, "acct", report("Interim-Update", 600)).packet == "Accounting-Response");
        BOOST_TEST(administrator.settled_time(ann) == 3000);
    }
    BOOST_TEST(radclient(daemon, "acct", report("Stop", 700)).packet == "Accounting-Response");
    BOOST_TEST(administrator.settled_time(ann) == 2900);

    radclient(daemon, "acct", report("Stop", 700));
    radclient(daemon, "acct", report("Interim-Update", 650));
    radclient(daemon, "acct", report("Start", 0) + ",Acct-Delay-Time=700");
    BOOST_TEST(administrator.settled_time(ann) == 2900);
}

BOOST_AUTO_TEST_CASE(a_balance_never_falls_below_zero) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    BOOST_TEST(radclient(daemon, "acct", report("Stop", 250)).packet == "Accounting-Response");
    BOOST_TEST(administrator.time_left(ann) == 0);
    BOOST_TEST(radclient(daemon, "auth", "User-Name=ann,User-Password=hello").packet == "Access-Reject");
}

BOOST_AUTO_TEST_CASE(the_next_login_knows_what_is_left) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    radclient(daemon, "acct", report("Stop", 600));
    BOOST_TEST(radclient(daemon, "auth", "User-Name=ann,User-Password=hello").has("Session-Timeout = 3000"));
}

BOOST_AUTO_TEST_CASE(usage_of_an_unknown_user_is_acknowledged) {
    const Daemon daemon;
    const auto answer =
        radclient(daemon, "acct",
                  "User-Name=ghost,NAS-Identifier=story,Acct-Session-Id=g,Acct-Status-Type=Stop,"
                  "Acct-Session-Time=60");
    BOOST_TEST(answer.packet == "Accounting-Response");
}

BOOST_AUTO_TEST_CASE(accounting_on_closes_the_sessions_of_that_nas_and_bills_no_outage) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    const auto path = "/user_token/" + std::to_string(ann) + "/";
    radclient(daemon, "acct", report("Start", 0));
    radclient(daemon, "acct", report("Interim-Update", 600));
    BOOST_TEST(administrator.ask("DELETE", path).status == 409);

    const auto restarted = [&](const std::string& name, const std::string& status) {
        return radclient(daemon, "acct",
                         "NAS-Identifier=" + name + ",Acct-Session-Id=boot,Acct-Status-Type=" + status)
            .packet;
    };
    BOOST_TEST(restarted("another", "Accounting-On") == "Accounting-Response");
    BOOST_TEST(administrator.ask("DELETE", path).status == 409);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // later than the Start, in seconds
    BOOST_TEST(restarted("story", "Accounting-Off") == "Accounting-Response");
    BOOST_TEST(restarted("story", "Accounting-On") == "Accounting-Response");
    BOOST_TEST(administrator.settled_time(ann) == 3000);
    BOOST_TEST(administrator.ask("DELETE", path).status == 204);
}

BOOST_AUTO_TEST_CASE(an_unauthentic_report_is_neither_answered_nor_charged) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    Nas stranger(daemon.ports().acct, "127.0.0.1", "testing124");
    stranger.send(stranger.report(AcctStatus::stop, "ann", "s1", 600));
    BOOST_TEST(!stranger.receive(silence_time));
    BOOST_TEST(administrator.settled_time(ann) == 3600);
}

BOOST_AUTO_TEST_CASE(killing_the_daemon_in_mid_accounting_loses_and_doubles_nothing) {
    check_exact_while([](Daemon& daemon) {
        for (int i = 0; i < 2; ++i) {
            const auto redis = daemon.redis_pid();
            daemon.kill();
            BOOST_TEST(ends_within(redis, stop_time_limit));
            daemon.start();
        }
    });
}

BOOST_AUTO_TEST_CASE(killing_redis_in_mid_accounting_loses_and_doubles_nothing) {
    check_exact_while([](Daemon& daemon) {
        const auto redis = daemon.redis_pid();
        BOOST_TEST_REQUIRE(redis > 0);
        kill(redis, SIGKILL);
    });
}

BOOST_AUTO_TEST_CASE(a_clean_restart_in_mid_accounting_loses_and_doubles_nothing) {
    check_exact_while([](Daemon& daemon) {
        BOOST_TEST(daemon.stop().value_or(-1) == 0);
        daemon.start();
    });
}

BOOST_AUTO_TEST_CASE(a_time_that_jumps_is_told_and_charged_as_reported_unless_its_nas_is_clamped) {
    struct Row {
        const char* clamp;
        std::int64_t consumed_min;
        std::int64_t consumed_max;
    };
    for (const auto& row : {
             Row{"false", 3000, 3000},
             Row{"true",  30,   60  }
    }) {
        BOOST_TEST_CONTEXT(row.clamp) {
            const Daemon daemon({.client_flags = std::string("clamp_to_wall_clock = ") + row.clamp});
            const Administrator administrator(daemon);
            const auto ann = administrator.add_user("ann", {
                                                               {"user_time", 3600}
            });
            BOOST_TEST(radclient(daemon, "acct", report("Start", 0)).packet == "Accounting-Response");
            BOOST_TEST(radclient(daemon, "acct", report("Interim-Update", 3000)).packet ==
                       "Accounting-Response");

            const auto ledger =
                administrator.ask("GET", "/user_token/" + std::to_string(ann) + "/ledger/").body;
            BOOST_TEST(ledger.at("consumed") >= row.consumed_min);
            BOOST_TEST(ledger.at("consumed") <= row.consumed_max);
            const auto session = administrator.ask("GET", "/session/").body.at("results").at(0);
            BOOST_TEST(session.at("session_duration") == 3000);
            const auto metrics = run({"curl", "-s", origin_of(daemon) + "/metrics"}).output;
            BOOST_TEST(metrics.find("anomalies_total{kind=\"time_jumped\"} 1") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

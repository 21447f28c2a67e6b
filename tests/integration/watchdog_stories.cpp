// An event loop that hangs, as the watchdog of systemd sees it with the times of our unit.
#include "tests/integration/clients.hpp"
#include "tests/integration/stopped_thread.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <optional>
#include <signal.h>
#include <sstream>
#include <thread>

using namespace hourglass::test;

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds back_limit{20};
constexpr std::chrono::seconds notice_limit{10};
constexpr std::chrono::milliseconds poll_interval{50};

// Such as WatchdogSec=12s.
std::chrono::seconds seconds_of_unit(const std::string& key) {
    std::istringstream unit(read_file(UNIT_FILE));
    for (std::string line; std::getline(unit, line);)
        if (line.starts_with(key + "=")) return std::chrono::seconds(std::stoi(line.substr(key.size() + 1)));
    throw std::runtime_error("the unit has no " + key);
}

bool happens_within(std::chrono::seconds limit, const std::function<bool()>& has_happened) {
    const auto deadline = Clock::now() + limit;
    while (!has_happened()) {
        if (Clock::now() > deadline) return false;
        std::this_thread::sleep_for(poll_interval);
    }
    return true;
}

bool logs(const Daemon& daemon, const std::string& text) {
    return daemon.log().find(text) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(watchdog)

BOOST_AUTO_TEST_CASE(a_loop_that_hangs_is_named_and_ends_the_signs_of_life_until_it_turns_again) {
    for (const std::string loop : {"radius-2", "api"}) {
        BOOST_TEST_CONTEXT(loop) {
            ServiceManager manager(seconds_of_unit("WatchdogSec"));
            const Daemon daemon({}, &manager);
            BOOST_TEST_REQUIRE(happens_within(notice_limit, [&] { return manager.is_ready(); }));
            const auto serving = manager.status();
            {
                const StoppedThread hung(daemon.pid(), loop);
                BOOST_TEST(
                    happens_within(notice_limit, [&] { return logs(daemon, "An event loop is stuck"); }));
                BOOST_TEST(happens_within(notice_limit, [&] { return manager.silence() > 4s; }));
                BOOST_TEST(manager.status() == "The event loop " + loop + " is stuck");
            }
            BOOST_TEST(happens_within(notice_limit, [&] { return manager.silence() < 1s; }));
            BOOST_TEST(logs(daemon, "An event loop turns again"));
            BOOST_TEST(happens_within(notice_limit, [&] { return manager.status() == serving; }));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_worker_that_hangs_is_replaced_in_time_and_nothing_is_lost) {
    const auto watchdog = seconds_of_unit("WatchdogSec");
    const auto pause = seconds_of_unit("RestartSec");
    ServiceManager manager(watchdog);
    Daemon daemon({}, &manager);
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    Nas accounting(daemon.ports().acct, "127.0.0.1");
    const auto interim = accounting.report(hourglass::nas::AcctStatus::interim_update, "ann", "s1", 30);
    BOOST_TEST_REQUIRE(accounting.ask(interim, answer_time_limit).has_value());

    const auto began = Clock::now();
    std::optional<StoppedThread> hung(std::in_place, daemon.pid(), "radius-1");
    BOOST_TEST_REQUIRE(happens_within(back_limit, [&] { return manager.silence() > watchdog; }));
    const auto pid = daemon.pid();
    daemon.send(SIGABRT);
    hung.reset();
    BOOST_TEST(ends_within(pid, stop_time_limit));
    daemon.kill();
    std::this_thread::sleep_for(pause);
    daemon.launch();
    BOOST_TEST((Clock::now() - began < back_limit));
    daemon.wait_until_ready();

    BOOST_TEST(administrator.settled_time(ann) == 70);
    const auto stop = accounting.report(hourglass::nas::AcctStatus::stop, "ann", "s1", 45);
    BOOST_TEST(accounting.ask(stop, answer_time_limit).has_value());
    BOOST_TEST(administrator.settled_time(ann) == 55);
}

BOOST_AUTO_TEST_SUITE_END()

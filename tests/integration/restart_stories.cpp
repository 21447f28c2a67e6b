// A restart as systemd does it: the sockets stay, and what arrives while there is no daemon is answered by
// the next.
#include "tests/integration/fleet.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <future>
#include <memory>
#include <signal.h>
#include <thread>

using namespace hourglass::test;

namespace {

using namespace std::chrono_literals;

constexpr auto fleet_client =
    "[[radius.client]]\nname = \"fleet\"\naddress = \"127.77.0.0/16\"\nsecret = \"testing123\"\n";
// Of so many source ports the kernel gives some to each worker.
constexpr std::size_t asking_ports = 40;
constexpr std::size_t radius_addresses = 4;  // both ports on IPv4 and IPv6
constexpr std::size_t api_addresses = 1;
constexpr auto load_users = 100;
constexpr auto load_rate = "1000";

std::vector<std::unique_ptr<Nas>> many_nases(const Daemon& daemon) {
    std::vector<std::unique_ptr<Nas>> nases;
    for (std::size_t i = 0; i < asking_ports; ++i)
        nases.push_back(std::make_unique<Nas>(daemon.ports().auth, "127.0.0.1"));
    return nases;
}

std::size_t sockets_of(const DaemonSettings& settings) {
    return static_cast<std::size_t>(settings.workers) * radius_addresses + api_addresses;
}

// Each asks once: who is not answered has met a socket that nobody reads.
std::size_t answered_at_once(const Daemon& daemon) {
    const auto nases = many_nases(daemon);
    for (const auto& nas : nases)
        nas->send(nas->status_server());
    return static_cast<std::size_t>(std::ranges::count_if(
        nases, [](const auto& nas) { return nas->receive(answer_time_limit).has_value(); }));
}

void import_load_users(const Daemon& daemon) {
    const TemporaryDirectory directory;
    const auto file = directory / "users.ndjson";
    std::ofstream rows(file);
    for (int i = 0; i < load_users; ++i) {
        auto number = std::to_string(i);
        const auto name = "bench" + std::string(7 - number.size(), '0') + number;
        rows << Json{{"username", name}, {"password", name}, {"organization", 1}, {"user_time", 1'000'000}}
             << '\n';
    }
    rows.close();
    const auto finished =
        run({HOURGLASS, "--url", daemon.api_url(), "--token-file", daemon.token_file(), "import", file});
    BOOST_TEST_REQUIRE(finished.exit_status == 0, finished.output + finished.errors);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(restart)

BOOST_AUTO_TEST_CASE(what_is_asked_while_there_is_no_daemon_the_next_one_answers) {
    ServiceManager manager;
    Daemon daemon({}, &manager);
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    BOOST_TEST(daemon.stop().value_or(-1) == 0);

    const auto nases = many_nases(daemon);
    for (const auto& nas : nases)
        nas->send(nas->login("ann", "hello"));
    Nas accounting(daemon.ports().acct, "127.0.0.1");
    accounting.send(accounting.report(hourglass::nas::AcctStatus::stop, "ann", "s1", 40));
    auto shown = std::async(std::launch::async, [&] { return administrator.settled_time(ann); });

    daemon.launch();
    for (const auto& nas : nases)
        BOOST_TEST(nas->receive(answer_time_limit).has_value());
    BOOST_TEST(accounting.receive(answer_time_limit).has_value());
    const auto seen = shown.get();
    BOOST_TEST((seen == 60 || seen == 100));
    daemon.wait_until_ready();
    BOOST_TEST(administrator.settled_time(ann) == 60);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_dies_leaves_what_was_asked_meanwhile_to_the_next) {
    ServiceManager manager;
    Daemon daemon({}, &manager);
    daemon.kill();
    const auto nases = many_nases(daemon);
    for (const auto& nas : nases)
        nas->send(nas->status_server());
    daemon.start();
    for (const auto& nas : nases)
        BOOST_TEST(nas->receive(answer_time_limit).has_value());
}

// A held socket that nobody reads would swallow its share of the requests for ever.
BOOST_AUTO_TEST_CASE(other_settings_leave_no_socket_that_nobody_reads) {
    ServiceManager manager;
    DaemonSettings settings;
    Daemon daemon(settings, &manager);
    BOOST_TEST(manager.kept() == sockets_of(settings));
    for (const int workers : {1, 3, 3}) {
        BOOST_TEST_CONTEXT(workers << " workers") {
            settings.workers = workers;
            daemon.change_settings(settings);
            BOOST_TEST(daemon.stop().value_or(-1) == 0);
            daemon.start();
            BOOST_TEST(answered_at_once(daemon) == asking_ports);
            BOOST_TEST(manager.kept() == sockets_of(settings));
        }
    }
    settings.on_all_addresses = true;
    daemon.change_settings(settings);
    BOOST_TEST(daemon.stop().value_or(-1) == 0);
    daemon.start();
    BOOST_TEST(answered_at_once(daemon) == asking_ports);
    BOOST_TEST(manager.kept() == sockets_of(settings));
}

BOOST_AUTO_TEST_CASE(restarts_under_load_lose_no_request) {
    ServiceManager manager;
    Daemon daemon({}, &manager);
    import_load_users(daemon);
    const TemporaryDirectory directory;
    BackgroundProcess load({std::string(BINARY_DIRECTORY) + "/load_generator",
                            "--mode",
                            "session",
                            "--auth-port",
                            std::to_string(daemon.ports().auth),
                            "--acct-port",
                            std::to_string(daemon.ports().acct),
                            "--secret",
                            nas_secret,
                            "--users",
                            std::to_string(load_users),
                            "--sessions",
                            std::to_string(load_users),
                            "--rate",
                            load_rate,
                            "--duration",
                            "6",
                            "--timeout",
                            "5",
                            "--retries",
                            "1"},
                           directory / "load");
    for (int i = 0; i < 2; ++i) {
        std::this_thread::sleep_for(2s);
        BOOST_TEST(daemon.stop().value_or(-1) == 0);
        daemon.start();
    }
    BOOST_TEST(load.wait(Fleet::run_time_limit).value_or(-1) == 0, read_file(directory / "load"));
    const auto audited =
        run({HOURGLASS, "--url", daemon.api_url(), "--token-file", daemon.token_file(), "audit"});
    BOOST_TEST(audited.exit_status == 0, audited.output + audited.errors);
}

BOOST_AUTO_TEST_CASE(a_fleet_whose_daemon_is_restarted_keeps_the_same_books) {
    ServiceManager manager;
    Daemon daemon({.more = fleet_client}, &manager);
    Fleet fleet(daemon, {"--users", "30", "--for", "8s", "--stay", "3s", "--pause", "0", "--interim", "1",
                         "--loss", "0"});
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(1500ms);
        BOOST_TEST(daemon.stop().value_or(-1) == 0);
        daemon.start();
    }
    expect_conserved(fleet);
}

BOOST_AUTO_TEST_SUITE_END()

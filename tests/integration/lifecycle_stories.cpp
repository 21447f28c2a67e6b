// Starting, reloading, ending, and settings that make no sense.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace hourglass::test;

namespace {

constexpr std::chrono::milliseconds reload_time_limit{5000};

// Holds a UDP port of loopback, as another program would.
class TakenPort {
public:
    explicit TakenPort(std::uint16_t port) : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        BOOST_TEST_REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }
    ~TakenPort() { close(socket_); }
    TakenPort(const TakenPort&) = delete;
    TakenPort& operator=(const TakenPort&) = delete;

private:
    int socket_;
};

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

Finished start_in_vain(const std::filesystem::path& settings) {
    return run({HOURGLASSD, "--config", settings}, {.time_limit = start_time_limit});
}

bool is_served(const Daemon& daemon, const std::string& address, std::chrono::milliseconds time_limit) {
    Nas asking(daemon.ports().auth, address, "another-secret");
    return asking.ask(asking.status_server(), time_limit).has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lifecycle)

BOOST_AUTO_TEST_CASE(term_ends_daemon_and_redis_in_time) {
    Daemon daemon;
    const auto redis = daemon.redis_pid();
    BOOST_TEST_REQUIRE(redis > 0);
    BOOST_TEST(daemon.stop().value_or(-1) == 0);
    BOOST_TEST(!is_running(redis));
}

BOOST_AUTO_TEST_CASE(users_tokens_and_balances_outlive_a_restart) {
    Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 1234}
    });
    const auto token = daemon.token();
    BOOST_TEST(daemon.stop().value_or(-1) == 0);
    daemon.start();
    BOOST_TEST(daemon.token() == token);
    BOOST_TEST(administrator.settled_time(ann) == 1234);
    BOOST_TEST(radclient(daemon, "auth", "User-Name=ann,User-Password=hello").packet == "Access-Accept");
}

BOOST_AUTO_TEST_CASE(redis_comes_back_after_it_died) {
    Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 60}
    });
    const auto first = daemon.redis_pid();
    kill(first, SIGKILL);
    Nas asking(daemon.ports().auth, "127.0.0.1");
    BOOST_TEST(asking.ask(asking.login("ann", "hello"), std::chrono::seconds(30)).has_value());
    BOOST_TEST(daemon.redis_pid() != first);
    daemon.wait_until_ready();  // the API has a connection of its own, which may come back later
    BOOST_TEST(administrator.settled_time(ann) == 60);
}

BOOST_AUTO_TEST_CASE(hup_brings_a_new_nas_in_without_a_restart) {
    Daemon daemon;
    const auto pid = daemon.pid();
    BOOST_TEST(!is_served(daemon, "127.0.0.2", silence_time));
    daemon.change_settings({.more = "[[radius.client]]\nname = \"two\"\naddress = \"127.0.0.2\"\n"
                                    "secret = \"another-secret\"\n"});
    daemon.send(SIGHUP);
    BOOST_TEST(is_served(daemon, "127.0.0.2", reload_time_limit));
    BOOST_TEST(daemon.pid() == pid);
}

BOOST_AUTO_TEST_CASE(hup_with_a_bad_file_changes_nothing) {
    const Daemon daemon;
    std::ofstream(daemon.settings_file(), std::ios::app) << "[nonsense]\nkey = 1\n";
    daemon.send(SIGHUP);
    std::this_thread::sleep_for(silence_time);
    Nas asking(daemon.ports().auth, "127.0.0.1");
    BOOST_TEST(asking.ask(asking.status_server(), answer_time_limit).has_value());
    BOOST_TEST(daemon.log().find("nonsense") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_one_sentence_and_exit_status_1) {
    Daemon daemon;
    BOOST_TEST(daemon.stop().value_or(-1) == 0);
    const TakenPort taken(daemon.ports().acct);
    const auto finished = start_in_vain(daemon.settings_file());
    BOOST_TEST(finished.exit_status == 1);
    BOOST_TEST(finished.errors.find(std::to_string(daemon.ports().acct)) != std::string::npos,
               finished.errors);
}

BOOST_AUTO_TEST_CASE(one_state_directory_serves_one_daemon) {
    const Daemon daemon;
    const TemporaryDirectory directory;
    auto settings = read_file(daemon.settings_file());
    const auto other = free_ports();
    for (const auto& [mine, its] : {
             std::pair{daemon.ports().auth, other.auth},
             {daemon.ports().acct, other.acct},
             {daemon.ports().api,  other.api }
    }) {
        const auto from = ":" + std::to_string(mine) + "\"";
        for (auto at = settings.find(from); at != std::string::npos; at = settings.find(from)) {
            settings.replace(at, from.size(), ":" + std::to_string(its) + "\"");
        }
    }
    std::ofstream(directory / "second.toml") << settings;
    const auto finished = start_in_vain(directory / "second.toml");
    BOOST_TEST(finished.exit_status == 1);
    BOOST_TEST(finished.errors.find("state") != std::string::npos, finished.errors);
    Nas asking(daemon.ports().auth, "127.0.0.1");
    BOOST_TEST(asking.ask(asking.status_server(), answer_time_limit).has_value());
}

BOOST_AUTO_TEST_CASE(check_names_what_is_wrong_and_where) {
    struct Row {
        const char* settings;
        const char* said;
    };
    const TemporaryDirectory directory;
    const auto file = directory / "bad.toml";
    for (const auto& row : {
             Row{"[radius]\nreject_delay = 5\n",                                                 "reject_delay"   },
             Row{"[radius]\nreject_delay_ms = \"five\"\n",                                       "reject_delay_ms"},
             Row{"[radius]\nreject_delay_ms = -1\n",                                             "reject_delay_ms"},
             Row{"[radius]\nauth = [\"nowhere\"]\n",                                             "nowhere"        },
             Row{"[[radius.client]]\nname = \"a\"\naddress = \"10.0.0.0/99\"\nsecret = \"x\"\n", "99"             },
             Row{"[[radius.client]]\nname = \"a\"\naddress = \"10.0.0.1\"\nsecret = \"\"\n",     "secret"         },
             Row{"[api]\nlisten = [\"0.0.0.0:8080\"]\n",                                         "0.0.0.0:8080"   },
             Row{"[daemon\n",                                                                    "bad.toml"       }
    }) {
        BOOST_TEST_CONTEXT(row.settings) {
            std::ofstream(file) << row.settings;
            const auto finished = run({HOURGLASSD, "--config", file, "--check"});
            BOOST_TEST(finished.exit_status == 1);
            BOOST_TEST(finished.errors.find(row.said) != std::string::npos, finished.errors);
            BOOST_TEST(finished.errors.find("bad.toml") != std::string::npos, finished.errors);
            BOOST_TEST(lines_of(finished.errors) == 1U, finished.errors);
        }
    }
    BOOST_TEST(run({HOURGLASSD, "--config", directory / "none.toml", "--check"}).exit_status == 1);
}

BOOST_AUTO_TEST_SUITE_END()

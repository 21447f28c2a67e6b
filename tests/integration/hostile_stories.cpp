// Datagrams that no NAS sends, by the program of bench/ that makes them: random ones, and good ones changed.
// The daemon must live on, answer none of them unless the change left it authentic, and keep its accounts.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::test;

namespace {

constexpr auto datagrams = "100000";

struct Hostile {
    Hostile() {
        ann = administrator.add_user("ann", {
                                                {"user_time", 3600}
        });
        administrator.add_user("zoe", {
                                          {"user_time", 60}
        });  // of whom no packet speaks
    }

    // How long good requests may wait and memory may grow is for the benchmark to say, on a quiet machine.
    void attack(const Arguments& more) {
        Arguments line{BINARY_DIRECTORY "/hostile_traffic",
                       "--auth",
                       std::to_string(daemon.ports().auth),
                       "--acct",
                       std::to_string(daemon.ports().acct),
                       "--user",
                       "ann",
                       "--password",
                       "hello",
                       "--count",
                       datagrams,
                       "--pid",
                       std::to_string(daemon.pid()),
                       "--packets",
                       HOURGLASS_TEST_DATA "/nas_packets.txt",
                       "--answer-limit-ms",
                       "10000",
                       "--growth-limit-mib",
                       "1000"};
        line.insert(line.end(), more.begin(), more.end());
        const auto finished = run(line, {.time_limit = std::chrono::seconds(300)});
        BOOST_TEST(finished.exit_status == 0, finished.output + finished.errors);
        BOOST_TEST(Json::parse(finished.output).at("unwarranted_answers") == 0);
        BOOST_TEST(radclient(daemon, "auth", "User-Name=zoe,User-Password=hello,Message-Authenticator=0x00")
                       .packet == "Access-Accept");
    }

    const Daemon daemon{{.client_flags = "require_message_authenticator = true"}};
    const Administrator administrator{daemon};
    std::int64_t ann{};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile, Hostile)

BOOST_AUTO_TEST_CASE(what_nobody_signed_gets_no_answer_and_charges_nothing) {
    attack({"--never-sign"});
    // The few that the changes left authentic say one second, and of one session.
    const auto ledger = administrator.ask("GET", "/user_token/" + std::to_string(ann) + "/ledger/").body;
    BOOST_TEST(ledger.at("consumed") <= 1);
}

BOOST_AUTO_TEST_CASE(signed_nonsense_does_not_spoil_the_accounts) {
    attack({});
    const auto audit =
        run({HOURGLASS, "--url", daemon.api_url(), "--token-file", daemon.token_file(), "audit"});
    BOOST_TEST(audit.exit_status == 0, audit.output + audit.errors);
}

BOOST_AUTO_TEST_SUITE_END()

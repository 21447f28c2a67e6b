// hourglass audit against a running daemon: clean while it works, and one damaged number found.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <thread>

using namespace hourglass::test;

namespace {

enum ExitStatus { ok = 0, violations = 1, usage = 2, unauthorized = 4, interrupted = 6 };

constexpr int users = 60;
constexpr auto damaged = "hg:{1}:account";
constexpr std::chrono::seconds end_time_limit{30};

Arguments audit_command(const Daemon& daemon, const Arguments& more) {
    Arguments arguments{HOURGLASS, "--url", daemon.api_url(), "--token-file", daemon.token_file(), "audit"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

Finished audit(const Daemon& daemon, const Arguments& more = {}) {
    return run(audit_command(daemon, more));
}

std::string redis(const Daemon& daemon, const Arguments& command) {
    Arguments arguments{"redis-cli", "-s", daemon.token_file().parent_path() / "redis/redis.sock"};
    arguments.insert(arguments.end(), command.begin(), command.end());
    const auto finished = run(arguments);
    if (finished.exit_status != 0) throw std::runtime_error(finished.errors);
    return finished.output;
}

void make_usage(const Daemon& daemon, const Administrator& administrator) {
    for (int i = 1; i <= users; ++i)
        administrator.add_user("user" + std::to_string(i), {
                                                               {"user_time", 3600}
        });
    for (const auto* const name : {"user1", "user2", "stranger"}) {
        for (const auto* const status : {"Start", "Interim-Update,Acct-Session-Time=40"}) {
            const auto answer = radclient(daemon, "acct",
                                          std::string("NAS-Identifier=lab,Acct-Session-Id=s1,User-Name=") +
                                              name + ",Acct-Status-Type=" + status);
            BOOST_TEST(answer.packet == "Accounting-Response");
        }
    }
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(audit_stories)

BOOST_AUTO_TEST_CASE(a_running_daemon_is_clean_and_one_damaged_balance_is_found) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    make_usage(daemon, administrator);
    const auto clean = audit(daemon);
    BOOST_TEST(clean.exit_status == ok, clean.output + clean.errors);
    BOOST_TEST(clean.output == std::to_string(users + 1) + " users checked, 0 violations.\n");

    redis(daemon, {"HINCRBY", damaged, "consumed", "-7"});
    const auto found = audit(daemon);
    BOOST_TEST(found.exit_status == violations);
    BOOST_TEST(contains(found.output, "user1 (user 1, organization 1): consumed_differs: Consumed is "),
               found.output);
    BOOST_TEST(contains(found.output, std::to_string(users + 1) + " users checked, 1 violations.\n"),
               found.output);

    const auto elsewhere = audit(daemon, {"--organization", "2"});
    BOOST_TEST(elsewhere.exit_status == ok);
    const auto behind = audit(daemon, {"--after", "1"});
    BOOST_TEST(behind.exit_status == ok, behind.output);
    const auto as_json = run(audit_command(daemon, {"--json"}));
    BOOST_TEST(contains(as_json.output, R"("kind":"consumed_differs")"), as_json.output);
}

BOOST_AUTO_TEST_CASE(an_audit_that_is_interrupted_says_where_it_goes_on) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    make_usage(daemon, administrator);
    redis(daemon, {"HINCRBY", damaged, "credited", "7"});
    const TemporaryDirectory directory;
    BackgroundProcess process(audit_command(daemon, {"--rate", "20"}), directory / "log");
    const auto deadline = std::chrono::steady_clock::now() + end_time_limit;
    while (!contains(read_file(directory / "log"), "credited_differs") &&
           std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    process.send(SIGINT);
    BOOST_TEST(process.wait(end_time_limit).value_or(-1) == interrupted);
    const auto said = read_file(directory / "log");
    const std::string before_cursor = "hourglass audit --rate 20 --after ";
    BOOST_TEST_REQUIRE(contains(said, before_cursor), said);
    auto cursor = said.substr(said.find(before_cursor) + before_cursor.size());
    cursor.resize(cursor.find(' '));

    const auto rest = audit(daemon, {"--after", cursor});
    BOOST_TEST(rest.exit_status == ok, rest.output);
    BOOST_TEST(!contains(rest.output, std::to_string(users + 1) + " users"), rest.output);
}

BOOST_AUTO_TEST_CASE(violations_alone_end_it_with_status_one) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    struct Row {
        Arguments more;
        int exit_status;
        const char* sentence;
    };
    for (const auto& row : {
             Row{{"--after", "yesterday"}, usage,        "after: This is not the cursor of an audit."},
             Row{{"--rate", "0"},          usage,        "is not a number above 0"                   },
             Row{{"--rate", "20001"},      usage,        "rate: Enter a number from 1 to 20000."     },
             Row{{"--token", "hg_wrong"},  unauthorized, "Invalid token."                            },
    }) {
        const auto refused = run([&] {
            Arguments arguments{HOURGLASS, "--url", daemon.api_url(), "audit"};
            if (row.more.front() != "--token")
                arguments.insert(arguments.end(), {"--token-file", daemon.token_file()});
            arguments.insert(arguments.end(), row.more.begin(), row.more.end());
            return arguments;
        }());
        BOOST_TEST(refused.exit_status == row.exit_status, refused.errors);
        BOOST_TEST(contains(refused.errors, row.sentence), refused.errors);
    }
    const auto writer = administrator.ask("POST", "/api_token/",
                                          {
                                              {"name",   "writer" },
                                              {"scopes", {"write"}}
    });
    const auto token = writer.body.at("token").get<std::string>();
    BOOST_TEST(run({HOURGLASS, "--url", daemon.api_url(), "--token", token, "audit"}).exit_status == usage);
}

BOOST_AUTO_TEST_SUITE_END()

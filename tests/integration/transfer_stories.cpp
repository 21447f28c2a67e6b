// Users in and out by the file: the tool, curl and a running daemon.
#include "tests/integration/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <thread>

using namespace hourglass::test;

namespace {

// A name whose record the crash prevented is nobody's after ten seconds.
constexpr std::chrono::seconds claim_time_limit{11};

// With files to bring and to take away.
class Operator : public Shell {
public:
    using Shell::Shell;

    std::string file(const std::string& name) const { return directory_ / name; }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(directory_ / name) << text;
        return file(name);
    }

private:
    TemporaryDirectory directory_;
};

std::string many_users(int count) {
    std::string rows = "username,password,organization,user_time\r\n";
    for (int i = 0; i < count; ++i)
        rows += "user" + std::to_string(i) + ",secret" + std::to_string(i) + ",1,60\r\n";
    return rows;
}

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transfer)

BOOST_AUTO_TEST_CASE(thousands_of_users_are_imported_log_in_and_are_exported_again) {
    constexpr int users = 5000;
    const Daemon daemon;
    const Operator hourglass(daemon);
    const auto imported = hourglass({"import", hourglass.write("users.csv", many_users(users))});
    BOOST_TEST(imported.exit_status == 0, imported.errors);
    BOOST_TEST(imported.output == "5000 created, 0 updated, 0 unchanged, 0 refused.\n");
    BOOST_TEST(radclient(daemon, "auth", "User-Name=user4999,User-Password=secret4999").packet ==
               "Access-Accept");

    BOOST_TEST(hourglass({"export", hourglass.file("all.csv")}).output == "5000 users exported.\n");
    BOOST_TEST(lines_of(read_file(hourglass.file("all.csv"))) == users + 1U);
    const auto exported = hourglass({"export", "--search", "user499"});
    BOOST_TEST(lines_of(exported.output) == 11U);
}

// A file with everyone's password is for its owner's eyes, and has its name when it is whole.
BOOST_AUTO_TEST_CASE(users_move_to_another_daemon_of_the_same_key_with_their_passwords) {
    const Daemon daemon;
    const Operator hourglass(daemon);
    hourglass({"import", "-"},
              R"({"username": "ann", "password": "a secret", "organization": 1, "user_time": 60})");
    const auto file = hourglass.file("users.ndjson");
    BOOST_TEST(hourglass({"export", file, "--with-credentials"}).exit_status == 0);
    BOOST_TEST((std::filesystem::status(file).permissions() ==
                (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
    BOOST_TEST(!std::filesystem::exists(file + ".part"));
    BOOST_TEST(!contains(read_file(file), "a secret"));

    BOOST_TEST(hourglass({"user", "delete", "ann", "--yes"}).exit_status == 0);
    BOOST_TEST(hourglass({"import", file}).output == "1 created, 0 updated, 0 unchanged, 0 refused.\n");
    BOOST_TEST(radclient(daemon, "auth", "User-Name=ann,User-Password=\"a secret\"").packet ==
               "Access-Accept");
}

BOOST_AUTO_TEST_CASE(refused_rows_are_named_by_line_and_end_the_tool_with_1) {
    const Daemon daemon;
    const Operator hourglass(daemon);
    const std::string rows = "username,password,organization\nann,a,1\nben,,1\n";
    const auto atomic = hourglass({"import", "-", "--format", "csv", "--mode", "atomic"}, rows);
    BOOST_TEST(atomic.exit_status == 1);
    BOOST_TEST(atomic.errors ==
               "line 3: password: This field is required.\n"
               "hourglass: Nothing was imported, as --mode atomic asks.\n");
    const auto dry = hourglass({"import", "-", "--format", "csv", "--dry-run"}, rows);
    BOOST_TEST(dry.output ==
               "Nothing was written. Would be: 1 created, 0 updated, 0 unchanged, 1 refused.\n");
    BOOST_TEST(hourglass({"user", "show", "ann"}).exit_status == 1);

    BOOST_TEST(hourglass({"import", "-", "--format", "csv"}, rows).exit_status == 1);
    BOOST_TEST(hourglass({"user", "show", "ann"}).exit_status == 0);
    BOOST_TEST(hourglass({"import", "-", "--format", "csv"}, "username,secret\n").errors ==
               "hourglass: Line 1: there is no field \"secret\".\n");
}

BOOST_AUTO_TEST_CASE(files_that_are_none_and_tokens_that_may_not_are_said_so) {
    const Daemon daemon;
    const Operator hourglass(daemon);
    BOOST_TEST(hourglass({"import", "/nowhere"}).errors ==
               "hourglass: /nowhere cannot be read: No such file or directory.\n");
    BOOST_TEST(contains(hourglass({"export", "/nowhere/users.csv"}).errors, "cannot be written"));

    const auto token =
        Json::parse(hourglass({"--json", "token", "add", "reader"}).output)["token"].get<std::string>();
    const auto refused = [&](Arguments arguments) {
        arguments.insert(arguments.begin(), {HOURGLASS, "--url", daemon.api_url(), "--token", token});
        return run(arguments, {.input = many_users(100'000)});
    };
    BOOST_TEST(refused({"import", "-", "--format", "csv"}).exit_status == 1);
    BOOST_TEST(refused({"export", "--with-credentials"}).exit_status == 1);
    BOOST_TEST(refused({"export"}).exit_status == 0);
}

BOOST_AUTO_TEST_CASE(curl_waits_to_be_told_to_go_on_and_is) {
    const Daemon daemon;
    const Operator hourglass(daemon);
    const auto finished = run({"curl", "-sS", "-H", "Authorization: Bearer " + daemon.token(), "-H",
                               "Content-Type: text/csv", "-H", "Expect: 100-continue", "--data-binary",
                               "@" + hourglass.write("users.csv", many_users(300)),
                               daemon.api_url() + "/api/v1/user_token/import/"});
    BOOST_TEST(finished.exit_status == 0, finished.errors);
    BOOST_TEST(lines_of(finished.output) == 301U);
    BOOST_TEST(finished.output.starts_with(R"({"row":1,"line":2,"status":"created","id":1})"));
}

BOOST_AUTO_TEST_CASE(a_restart_in_the_middle_of_an_import_is_told_and_the_rest_can_follow) {
    Daemon daemon;
    const Operator hourglass(daemon);
    const auto rows = hourglass.write("users.csv", many_users(20'000));
    const BackgroundProcess import(
        {HOURGLASS, "--url", daemon.api_url(), "--token", daemon.token(), "import", rows},
        hourglass.file("log"));
    const Administrator administrator(daemon);
    while (administrator.ask("GET", "/user_token/?limit=1").body["count"] == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    daemon.kill();
    daemon.start();
    std::this_thread::sleep_for(claim_time_limit);
    const auto again = hourglass({"import", rows, "--upsert", "username", "--json"});
    const auto summary = Json::parse(again.output);
    BOOST_TEST(again.exit_status == 0, again.errors);
    BOOST_TEST(summary["created"].get<int>() + summary["unchanged"].get<int>() == 20'000);
    BOOST_TEST(summary["unchanged"].get<int>() > 0);
}

BOOST_AUTO_TEST_SUITE_END()

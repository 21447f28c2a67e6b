// The `hourglass` tool against a running daemon.
#include "tests/integration/shell.hpp"

#include <sstream>

using namespace hourglass::test;

BOOST_AUTO_TEST_SUITE(cli)

BOOST_AUTO_TEST_CASE(a_user_is_added_and_may_log_in) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto user =
        hourglass.json({"user", "add", "ann", "--organization", "1", "--time", "1h30m", "--email",
                        "ann@example.org", "--profile", "gold", "--profile", "wifi", "--password-stdin"},
                       "correct horse\n");
    BOOST_TEST(user["user_time"] == 5400);
    BOOST_TEST(user["profile"] == Json::array({"gold", "wifi"}));
    const auto answer = radclient(daemon, "auth", "User-Name=ann,User-Password=\"correct horse\"");
    BOOST_TEST(answer.has("Session-Timeout = 5400"));
}

BOOST_AUTO_TEST_CASE(users_are_edited_by_name_and_by_id_and_fields_cleared) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto id = hourglass
                        .json({"user", "add", "ann", "--organization", "1", "--password", "x", "--email",
                               "ann@example.org"})["id"]
                        .dump();
    BOOST_TEST(hourglass.json({"user", "edit", "ann", "--time", "unmetered"})["user_time"].is_null());
    const auto edited = hourglass.json({"user", "edit", id, "--email", "", "--inactive"});
    BOOST_TEST(edited["email"].is_null());
    BOOST_TEST(edited["is_active"] == false);
    BOOST_TEST(hourglass({"user", "edit", "ann"}).exit_status == usage);
    BOOST_TEST(hourglass({"user", "show", "nobody"}).exit_status == refused);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_one_users_name_and_anothers_id_is_not_guessed_at) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const Shell hourglass(daemon);
    const auto first = std::to_string(administrator.add_user("ann"));
    administrator.add_user(first);
    BOOST_TEST(hourglass({"user", "delete", first, "--yes"}).exit_status == usage);
    BOOST_TEST(hourglass.json({"user", "show", "id:" + first})["username"] == "ann");
    BOOST_TEST(hourglass.json({"user", "show", "name:" + first})["username"] == first);
}

BOOST_AUTO_TEST_CASE(a_list_has_all_pages_and_harmless_names) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const Shell hourglass(daemon);
    for (int i = 0; i < 104; ++i)
        administrator.add_user("user" + std::to_string(i));
    administrator.add_user("\x1b[2Jevil");
    BOOST_TEST(hourglass.json({"user", "list"}).size() == 105U);
    BOOST_TEST(hourglass.json({"user", "list", "--limit", "101"}).size() == 101U);
    BOOST_TEST(hourglass.json({"user", "list", "--username", "user7"}).size() == 1U);
    const auto listed = hourglass({"user", "list"});
    BOOST_TEST(contains(listed.output, "\\x1b[2Jevil"));
    BOOST_TEST(!contains(listed.output, "\x1b"));
}

BOOST_AUTO_TEST_CASE(deleting_asks_and_without_a_terminal_needs_yes) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann");
    const Shell hourglass(daemon);
    BOOST_TEST(hourglass({"user", "delete", "ann"}, "y\n").exit_status == usage);
    BOOST_TEST(hourglass({"user", "delete", "ann", "--yes"}).exit_status == ok);
    BOOST_TEST(hourglass({"user", "show", "ann"}).exit_status == refused);
}

BOOST_AUTO_TEST_CASE(a_running_session_protects_its_user_unless_forced) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 60}
    });
    const Shell hourglass(daemon);
    radclient(daemon, "acct", "User-Name=ann,NAS-Identifier=story,Acct-Session-Id=s,Acct-Status-Type=Start");
    BOOST_TEST(hourglass({"user", "delete", "ann", "--yes"}).exit_status == refused);
    BOOST_TEST(hourglass({"user", "delete", "ann", "--yes", "--force"}).exit_status == ok);
}

BOOST_AUTO_TEST_CASE(refusals_are_sentences) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann");
    const auto taken = Shell(daemon)(
        {"user", "add", "ann", "--organization", "1", "--password", "x", "--email", "nonsense"});
    BOOST_TEST(taken.exit_status == refused);
    BOOST_TEST(contains(taken.errors, "username: user with this username already exists."));
    BOOST_TEST(contains(taken.errors, "email: Enter a valid email address."));
    BOOST_TEST(taken.output.empty());
}

BOOST_AUTO_TEST_CASE(tokens_are_made_used_and_revoked) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const Shell hourglass(daemon);
    const auto made = hourglass.json({"token", "add", "billing", "--scope", "read"});
    const auto token = made["token"].get<std::string>();
    BOOST_TEST(administrator.ask_with_token(token, "GET", "/user_token/").status == 200);
    BOOST_TEST(administrator.ask_with_token(token, "POST", "/user_token/", Json::object()).status == 403);
    BOOST_TEST(!contains(hourglass({"token", "list"}).output, token));
    BOOST_TEST(hourglass({"token", "revoke", made["id"].dump(), "--yes"}).exit_status == ok);
    BOOST_TEST(administrator.ask_with_token(token, "GET", "/user_token/").status == 401);
}

BOOST_AUTO_TEST_CASE(status_tells_a_ready_daemon_from_none) {
    Daemon daemon;
    const Shell hourglass(daemon);
    radclient(daemon, "auth", "User-Name=nobody,User-Password=x");
    const auto status = hourglass.json({"status"});
    BOOST_TEST(status["ready"] == true);
    BOOST_TEST(status["radius_requests"] == 1);
    BOOST_TEST(status["version"].is_string());
    BOOST_TEST(status["uptime"].is_number_integer());
    BOOST_TEST(status.contains("api_replies"));

    const auto url = daemon.api_url();
    BOOST_TEST(daemon.stop().has_value());
    BOOST_TEST(run({HOURGLASS, "--url", url, "status"}).exit_status == unreachable);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_named) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto user = hourglass({"user", "show", "id:99"});
    BOOST_TEST(user.exit_status == refused);
    BOOST_TEST(user.errors == "hourglass: There is no user with the id 99.\n");
    const auto token = hourglass({"token", "revoke", "99", "--yes"});
    BOOST_TEST(token.exit_status == refused);
    BOOST_TEST(token.errors == "hourglass: There is no token with the id 99.\n");
}

BOOST_AUTO_TEST_CASE(a_token_without_the_scope_is_told_who_can_look) {
    const Daemon daemon;
    const auto token = Shell(daemon).json({"token", "add", "reader"})["token"].get<std::string>();
    const auto refusal =
        run({HOURGLASS, "--url", daemon.api_url(), "--token", token, "token", "revoke", "1", "--yes"});
    BOOST_TEST(refusal.exit_status == refused);
    BOOST_TEST(contains(refusal.errors, "with an administrator's token"));
}

// Without a terminal the question itself would be the failure.
BOOST_AUTO_TEST_CASE(nothing_is_asked_of_a_person_without_a_token) {
    for (const Arguments& command : {
             Arguments{"user", "add", "ann", "--organization", "1"},
             {"user", "edit", "ann", "--ask-password"},
             {"token", "revoke", "1"}
    }) {
        auto arguments = command;
        arguments.insert(arguments.begin(), {HOURGLASS, "--url", "http://192.0.2.1:1"});
        const auto finished = run(arguments);
        BOOST_TEST(finished.exit_status == unauthorized, finished.errors);
    }
}

// No daemon is asked: what was typed is wrong by itself.
BOOST_AUTO_TEST_CASE(mistakes_on_the_command_line_are_told_in_one_sentence) {
    struct Row {
        Arguments typed;
        std::string sentence;
        std::string help;
    };
    const std::vector<Row> rows{
        {{},                                       "Say what to do: a command is missing.",          "hourglass"             },
        {{"user"},                                 "Say what to do: a command is missing.",          "hourglass user"        },
        {{"users"},                                "There is no command \"hourglass users\".",       "hourglass"             },
        {{"user", "remove"},                       "There is no command \"hourglass user remove\".", "hourglass user"        },
        {{"user", "list", "--limit", "0"},         "--limit: \"0\" is not a number above 0.",        "hourglass user list"   },
        {{"user", "list", "--organization", "x"},
         "--organization: \"x\" is not a number.",                                                   "hourglass user list"   },
        {{"user", "add", "ann", "--time", "soon"},
         "--time: \"soon\" is no time: say 1h30m, 3600 (seconds) or unmetered.",                     "hourglass user add"    },
        {{"token", "revoke", "all"},               "id: \"all\" is not a number.",                   "hourglass token revoke"},
    };
    for (const auto& row : rows) {
        auto arguments = row.typed;
        arguments.insert(arguments.begin(), HOURGLASS);
        const auto finished = run(arguments);
        BOOST_TEST(finished.exit_status == usage);
        BOOST_TEST(finished.errors ==
                   "hourglass: " + row.sentence + "\n" + row.help + " --help says more.\n");
        BOOST_TEST(finished.output.empty());
    }
}

BOOST_AUTO_TEST_CASE(every_command_explains_itself_in_lines_that_fit) {
    constexpr std::size_t columns_max = 110;
    for (const Arguments& command : {
             Arguments{},
             {"user"},
             {"user", "add"},
             {"user", "edit"},
             {"nas"},
             {"nas", "add"},
             {"nas", "edit"},
             {"nas", "seen"},
             {"token", "add"},
             {"session", "list"},
             {"session", "disconnect"},
             {"session", "watch"},
             {"organization", "add"},
             {"extra", "set"},
             {"extra", "unset"},
             {"profile", "add"},
             {"simulate"},
             {"check"},
             {"status"}
    }) {
        auto arguments = command;
        arguments.insert(arguments.begin(), HOURGLASS);
        arguments.emplace_back("--help");
        const auto help = run(arguments);
        BOOST_TEST(help.exit_status == ok);
        BOOST_TEST(!contains(help.output, "Excludes"));
        std::istringstream lines(help.output);
        for (std::string line; std::getline(lines, line);)
            BOOST_TEST(line.size() <= columns_max, line);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_token_says_where_a_right_one_is) {
    const Daemon daemon;
    const auto finished = run({HOURGLASS, "--url", daemon.api_url(), "--token", "hg_wrong", "user", "list"});
    BOOST_TEST(finished.exit_status == unauthorized);
    BOOST_TEST(contains(finished.errors, "admin.token"));
    const auto by_file =
        run({HOURGLASS, "--url", daemon.api_url(), "--token-file", daemon.token_file(), "user", "list"});
    BOOST_TEST(by_file.exit_status == ok);
}

BOOST_AUTO_TEST_SUITE_END()

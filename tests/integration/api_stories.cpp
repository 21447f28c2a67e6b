// The REST API as curl sees it, and what a change there does to the next login.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace hourglass::test;

namespace {

std::string path_of(std::int64_t id) {
    return "/user_token/" + std::to_string(id) + "/";
}

std::string login(const Daemon& daemon, const std::string& name, const std::string& password = "hello") {
    return radclient(daemon, "auth", "User-Name=" + name + ",User-Password=" + password).packet;
}

// The part of a link behind /api/v1.
std::string path_of_link(const Json& link) {
    const auto text = link.get<std::string>();
    return text.substr(text.find("/api/v1") + 7);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api)

BOOST_AUTO_TEST_CASE(without_a_good_token_nothing_is_told) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto none = administrator.ask_with_token("", "GET", "/user_token/");
    BOOST_TEST(none.status == 401);
    BOOST_TEST(none.body["detail"] == "Authentication credentials were not provided.");
    BOOST_TEST(none.headers.find("WWW-Authenticate: Bearer") != std::string::npos);
    BOOST_TEST(administrator.ask_with_token("hg_wrong", "GET", "/user_token/").body["detail"] ==
               "Invalid token.");
}

BOOST_AUTO_TEST_CASE(who_guesses_tokens_has_to_wait_and_others_do_not) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    int refused = 0;
    ApiAnswer answer;
    while (refused < 100 &&
           (answer = administrator.ask_with_token("hg_guess", "GET", "/user_token/")).status == 401)
        ++refused;
    BOOST_TEST(answer.status == 429);
    BOOST_TEST(answer.headers.find("Retry-After: ") != std::string::npos);
    BOOST_TEST(answer.headers.find("X-Request-Id: ") != std::string::npos);
    BOOST_TEST(administrator.ask_with_token("", "GET", "/user_token/").status == 401);

    const auto other =
        run({"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--interface", "127.0.0.9", "-H",
             "Authorization: Bearer " + daemon.token(), daemon.api_url() + "/api/v1/user_token/"});
    BOOST_TEST(other.output == "200");
}

BOOST_AUTO_TEST_CASE(a_removed_token_opens_nothing_from_then_on) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto made = administrator.ask("POST", "/api_token/",
                                        {
                                            {"name",   "short"              },
                                            {"scopes", Json::array({"read"})}
    });
    BOOST_TEST_REQUIRE(made.status == 201);
    const auto token = made.body["token"].get<std::string>();
    BOOST_TEST(administrator.ask_with_token(token, "GET", "/user_token/").status == 200);
    administrator.ask("DELETE", "/api_token/" + std::to_string(made.body["id"].get<int>()) + "/");
    BOOST_TEST(administrator.ask_with_token(token, "GET", "/user_token/").status == 401);
}

BOOST_AUTO_TEST_CASE(a_user_is_created_shown_changed_and_deleted) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto created = administrator.ask(
        "POST", "/user_token/",
        {
            {"username",     "zoë"            },
            {"password",     "hello"          },
            {"organization", 7                },
            {"email",        "zoe@example.org"}
    });
    BOOST_TEST_REQUIRE(created.status == 201);
    BOOST_TEST(created.body["password"] == "****");
    const auto path = path_of(created.body["id"].get<std::int64_t>());

    BOOST_TEST(administrator
                   .ask("POST", "/user_token/",
                        {
                            {"username",     "zoë"},
                            {"password",     "x"  },
                            {"organization", 7    }
    })
                   .body["username"][0] == "user with this username already exists.");
    BOOST_TEST(administrator.ask("GET", path).body["email"] == "zoe@example.org");
    BOOST_TEST(administrator
                   .ask("PATCH", path,
                        {
                            {"email", nullptr}
    })
                   .body["email"]
                   .is_null());
    BOOST_TEST(administrator.ask("DELETE", path).status == 204);
    BOOST_TEST(administrator.ask("GET", path).status == 404);
    BOOST_TEST(administrator.ask("DELETE", path).status == 404);
}

BOOST_AUTO_TEST_CASE(a_change_is_in_force_at_the_next_login) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 0}
    });
    BOOST_TEST(login(daemon, "ann") == "Access-Reject");
    administrator.change_user(ann, {
                                       {"user_time", 60}
    });
    BOOST_TEST(login(daemon, "ann") == "Access-Accept");
    administrator.change_user(ann, {
                                       {"is_active", false}
    });
    BOOST_TEST(login(daemon, "ann") == "Access-Reject");
    administrator.change_user(ann, {
                                       {"is_active", true   },
                                       {"password",  "other"}
    });
    BOOST_TEST(login(daemon, "ann") == "Access-Reject");
    BOOST_TEST(login(daemon, "ann", "other") == "Access-Accept");
    administrator.change_user(ann, {
                                       {"username", "anna"}
    });
    BOOST_TEST(login(daemon, "ann", "other") == "Access-Reject");
    BOOST_TEST(login(daemon, "anna", "other") == "Access-Accept");
    BOOST_TEST(administrator.ask("DELETE", path_of(ann)).status == 204);
    BOOST_TEST(login(daemon, "anna", "other") == "Access-Reject");
}

BOOST_AUTO_TEST_CASE(a_login_is_noted) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 60}
    });
    BOOST_TEST(administrator.ask("GET", path_of(ann)).body["first_login"].is_null());
    login(daemon, "ann");
    const auto user = administrator.ask("GET", path_of(ann)).body;
    BOOST_TEST(user["first_login"].is_string());
    BOOST_TEST(user["last_login"].is_string());
}

BOOST_AUTO_TEST_CASE(pages_lead_through_all_users_once) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    std::set<std::int64_t> created;
    for (int i = 0; i < 25; ++i)
        created.insert(administrator.add_user("user" + std::to_string(i)));

    std::set<std::int64_t> listed;
    std::string path = "/user_token/?limit=10";
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = administrator.ask("GET", path).body;
        BOOST_TEST(page["count"] == 25);
        for (const auto& user : page["results"])
            BOOST_TEST(listed.insert(user["id"].get<std::int64_t>()).second);
        if (page["next"].is_null()) break;
        path = path_of_link(page["next"]);
    }
    BOOST_TEST(listed == created, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(extras_belong_to_a_user_and_go_with_him) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann");
    const auto made = administrator.ask("POST", "/user_extra/",
                                        {
                                            {"parent", ann    },
                                            {"city",   "Turin"},
                                            {"tax_id", "T1"   }
    });
    BOOST_TEST_REQUIRE(made.status == 201);
    BOOST_TEST(made.body["tax_id"] == "T1");
    BOOST_TEST(administrator
                   .ask("POST", "/user_extra/",
                        {
                            {"parent", ann}
    })
                   .status == 409);
    BOOST_TEST(administrator.ask("GET", "/user_extra/?parent=" + std::to_string(ann)).body["count"] == 1);
    BOOST_TEST(administrator.ask("DELETE", path_of(ann)).status == 204);
    BOOST_TEST(administrator.ask("GET", "/user_extra/").body["count"] == 0);
}

BOOST_AUTO_TEST_CASE(secrets_are_neither_in_the_log_nor_readable_by_others) {
    namespace fs = std::filesystem;
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 60             },
                                              {"password",  "correct-horse"}
    });
    login(daemon, "ann", "correct-horse");
    login(daemon, "ann", "battery-staple");
    const auto log = daemon.log();
    for (const auto& secret : {daemon.token(), std::string("correct-horse"), std::string("battery-staple")}) {
        BOOST_TEST(log.find(secret) == std::string::npos);
    }
    for (const auto& path : {daemon.token_file(), daemon.token_file().parent_path()}) {
        const auto open_to_others =
            fs::status(path).permissions() & (fs::perms::group_all | fs::perms::others_all);
        BOOST_TEST((open_to_others == fs::perms::none), path);
    }
}

BOOST_AUTO_TEST_SUITE_END()

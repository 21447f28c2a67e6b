// NASes, profiles and organizations by the API, and what RADIUS makes of them at once.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

using namespace hourglass::test;

namespace {

constexpr auto nas_address = "127.0.0.9";
constexpr std::chrono::seconds notice_time_limit{1};  // what other daemons promise

// Asks once: what holds now, not what holds by the time of a repeat.
bool is_served(const Daemon& daemon, const std::string& secret,
               std::chrono::milliseconds time_limit = answer_time_limit) {
    Nas nas(daemon.ports().auth, nas_address, secret);
    nas.send(nas.status_server());
    return nas.receive(time_limit).has_value();
}

// The reply to a login of a user by radclient from 127.0.0.1.
RadclientAnswer login(const Daemon& daemon, const std::string& name) {
    return radclient(daemon, "auth", "User-Name=" + name + ",User-Password=hello");
}

std::string path_of(const std::string& resource, const Json& object) {
    return "/" + resource + "/" + std::to_string(object["id"].get<std::int64_t>()) + "/";
}

Json nas_of(const std::string& name, const std::string& address, const std::string& secret) {
    return {
        {"name",    name   },
        {"address", address},
        {"secret",  secret }
    };
}

// A token confined to these organizations, with every scope.
std::string tenants_token(const Administrator& administrator, const Json& organizations) {
    const auto made =
        administrator.ask("POST", "/api_token/",
                          {
                              {"name",          "tenant"     },
                              {"scopes",        {"admin"}    },
                              {"organizations", organizations}
    });
    return made.body.at("token").get<std::string>();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(a_nas_is_served_changed_and_silenced_as_the_api_says_so) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    BOOST_TEST(!is_served(daemon, "a-good-secret", silence_time));

    const auto made = administrator.ask("POST", "/nas/", nas_of("lobby", "127.0.0.9", "a-good-secret"));
    BOOST_TEST_REQUIRE(made.status == 201);
    BOOST_TEST(made.body["secret"] == "****");
    BOOST_TEST(made.body["warnings"].empty());
    BOOST_TEST(made.body["last_seen"].is_null());
    BOOST_TEST(is_served(daemon, "a-good-secret"));

    const auto path = path_of("nas", made.body);
    const auto changed = administrator.ask("PATCH", path,
                                           {
                                               {"secret", "short"}
    });
    BOOST_TEST(changed.body["warnings"].size() == 1);
    BOOST_TEST(!is_served(daemon, "a-good-secret", silence_time));
    BOOST_TEST(is_served(daemon, "short"));

    auto kept = administrator.ask("GET", path).body;
    BOOST_TEST(kept["last_seen"].is_string());
    BOOST_TEST(kept["seen"].dump() == R"(["sends_message_authenticator"])");
    BOOST_TEST(administrator.ask("PUT", path, kept).status == 200);
    BOOST_TEST(is_served(daemon, "short"));

    BOOST_TEST(administrator.ask("DELETE", path).status == 204);
    BOOST_TEST(!is_served(daemon, "short", silence_time));
    BOOST_TEST(daemon.log().find("a-good-secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_daemon_on_the_same_redis_notices_within_a_second_and_a_restart_forgets_nothing) {
    const Daemon first;
    Daemon second;
    second.share_redis_of(first);

    const Administrator administrator(first);
    const auto made = administrator.ask("POST", "/nas/", nas_of("lobby", nas_address, "a-good-secret"));
    BOOST_TEST_REQUIRE(made.status == 201);
    std::this_thread::sleep_for(notice_time_limit);
    BOOST_TEST(is_served(second, "a-good-secret"));

    second.stop();
    second.start();
    BOOST_TEST(is_served(second, "a-good-secret"));
    administrator.ask("DELETE", path_of("nas", made.body));
    std::this_thread::sleep_for(notice_time_limit);
    BOOST_TEST(!is_served(second, "a-good-secret", silence_time));
}

BOOST_AUTO_TEST_CASE(a_nas_of_the_settings_wins_over_one_of_the_api_and_mistakes_are_told) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    BOOST_TEST(administrator.ask("POST", "/nas/", nas_of("loop", "127.0.0.1", "another-secret")).status ==
               201);
    BOOST_TEST(radclient(daemon, "status", "Message-Authenticator=0").packet == "Access-Accept");

    const auto refused = [&](const Json& body, const std::string& field) {
        const auto answer = administrator.ask("POST", "/nas/", body);
        return answer.status == 400 && answer.body.size() == 1 ? answer.body[field][0].get<std::string>()
                                                               : answer.body.dump();
    };
    BOOST_TEST(refused(nas_of("loop", "192.0.2.1", "x"), "name") == "nas with this name already exists.");
    BOOST_TEST(refused(nas_of("other", "127.0.0.1", "x"), "address") ==
               "nas with this address already exists.");
    BOOST_TEST(refused(nas_of("other", "192.0.2.1/24", "x"), "address") ==
               "The address has bits set beyond the prefix: did you mean 192.0.2.0/24?");
    BOOST_TEST(refused(nas_of("other", "192.0.2.1", "****"), "secret") == "This field is required.");
}

BOOST_AUTO_TEST_CASE(a_profile_and_an_organization_are_in_force_at_the_next_login) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time",    7200      },
                                      {"organization", 7         },
                                      {"profile",      {"office"}}
    });
    BOOST_TEST(login(daemon, "ann").has("Acct-Interim-Interval = 300"));

    const auto profile =
        administrator.ask("POST", "/aaa_profile/",
                          {
                              {"name",             "office"},
                              {"interim_interval", 120     },
                              {"login_time",       "Any"   }
    });
    BOOST_TEST_REQUIRE(profile.status == 201);
    BOOST_TEST(login(daemon, "ann").has("Acct-Interim-Interval = 120"));

    const auto organization = administrator.ask("POST", "/organization/",
                                                {
                                                    {"id",        7      },
                                                    {"name",      "seven"},
                                                    {"is_active", false  }
    });
    BOOST_TEST_REQUIRE(organization.status == 201);
    BOOST_TEST(login(daemon, "ann").text.find("The organization of this account is not active.") !=
               std::string::npos);
    BOOST_TEST(administrator.ask("DELETE", "/organization/7/").status == 409);
    administrator.ask("PATCH", "/organization/7/",
                      {
                          {"is_active", true}
    });
    BOOST_TEST(login(daemon, "ann").packet == "Access-Accept");
}

BOOST_AUTO_TEST_CASE(organizations_form_no_circle) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto make = [&](std::int64_t id, const Json& parent) {
        return administrator
            .ask("POST", "/organization/",
                 {
                     {"id",     id    },
                     {"name",   "any" },
                     {"parent", parent}
        })
            .status;
    };
    const auto put_below = [&](const std::string& id, const Json& parent) {
        return administrator.ask("PATCH", "/organization/" + id + "/",
                                 {
                                     {"parent", parent}
        });
    };
    BOOST_TEST(make(1, nullptr) == 201);
    BOOST_TEST(make(2, 1) == 201);
    BOOST_TEST(make(3, 2) == 201);
    BOOST_TEST(make(4, 9) == 400);
    BOOST_TEST(make(3, nullptr) == 400);
    BOOST_TEST(put_below("1", 3).body["parent"][0] == "An organization cannot be below itself.");
    BOOST_TEST(put_below("1", 1).status == 400);
    BOOST_TEST(administrator.ask("DELETE", "/organization/2/").status == 409);
    BOOST_TEST(put_below("3", 1).status == 200);
    BOOST_TEST(administrator.ask("DELETE", "/organization/2/").status == 204);
    BOOST_TEST(administrator.ask("GET", "/organization/").body["count"] == 2);
}

BOOST_AUTO_TEST_CASE(a_stale_etag_is_refused_and_a_fresh_one_is_not) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto made = administrator.ask("POST", "/aaa_profile/",
                                        {
                                            {"name", "gold"}
    });
    const auto path = path_of("aaa_profile", made.body);
    const auto at = made.headers.find("ETag: ") + 6;
    const auto etag = made.headers.substr(at, made.headers.find('\r', at) - at);
    const Json change{
        {"description", "changed"}
    };
    BOOST_TEST(administrator.ask("GET", path, {}, {"If-None-Match: " + etag}).status == 304);
    BOOST_TEST(administrator.ask("PATCH", path, change, {"If-Match: " + etag}).status == 200);
    BOOST_TEST(administrator.ask("PATCH", path, change, {"If-Match: " + etag}).status == 412);
    BOOST_TEST(administrator.ask("DELETE", path, {}, {"If-Match: " + etag}).status == 412);
    BOOST_TEST(administrator.ask("DELETE", path).status == 204);
}

BOOST_AUTO_TEST_CASE(of_writers_at_the_same_moment_each_change_lasts_and_a_name_is_given_once) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto token = daemon.token();
    const auto at_once = [&](const std::string& method, const std::string& path,
                             const std::vector<Json>& bodies) {
        std::vector<int> statuses(bodies.size());
        std::vector<std::thread> writers;
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            writers.emplace_back([&, i] {
                statuses[i] = administrator.ask_with_token(token, method, path, bodies[i]).status;
            });
        }
        for (auto& writer : writers)
            writer.join();
        return statuses;
    };
    const Json gold{
        {"name", "gold"}
    };
    const auto created = at_once("POST", "/aaa_profile/", std::vector(20, gold));
    BOOST_TEST(std::ranges::count(created, 201) == 1);
    BOOST_TEST(std::ranges::count(created, 400) == 19);

    const std::vector<Json> changes{
        {{"description", "changed"}}, {{"simultaneous_use", 2}}, {{"slice_seconds", 600}},
        {{"interim_interval", 120}},  {{"login_time", "Any"}},   {{"concurrency", "reserve"}},
    };
    const auto changed = at_once("PATCH", "/aaa_profile/1/", changes);
    BOOST_TEST(std::ranges::count(changed, 200) == 6);
    const auto profile = administrator.ask("GET", "/aaa_profile/1/").body;
    for (const auto& change : changes) {
        for (const auto& [field, value] : change.items())
            BOOST_TEST(profile[field] == value);
    }
}

BOOST_AUTO_TEST_CASE(a_tenant_sees_what_is_for_all_and_his_own_and_changes_his_own_profiles_only) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    for (const auto& organization : {Json(nullptr), Json(1), Json(2)}) {
        const auto suffix = organization.dump();
        administrator.ask("POST", "/aaa_profile/",
                          {
                              {"name",         "p" + suffix},
                              {"organization", organization}
        });
        auto nas = nas_of("n" + suffix,
                          "192.0.2." + std::to_string(organization.is_null() ? 0 : organization.get<int>()),
                          "a-good-secret");
        nas["organization"] = organization;
        administrator.ask("POST", "/nas/", nas);
    }
    administrator.ask("POST", "/organization/",
                      {
                          {"id",   2    },
                          {"name", "two"}
    });

    const auto token = tenants_token(administrator, {1});
    const auto ask = [&](const std::string& method, const std::string& path, const Json& body = {}) {
        return administrator.ask_with_token(token, method, path, body);
    };
    for (const std::string resource : {"/aaa_profile/", "/nas/"})
        BOOST_TEST_CONTEXT(resource) {
            BOOST_TEST(ask("GET", resource).body["count"] == 2);
            BOOST_TEST(ask("GET", resource + "1/").status == 200);
            BOOST_TEST(ask("GET", resource + "2/").status == 200);
            BOOST_TEST(ask("GET", resource + "3/").status == 404);
            BOOST_TEST(ask("PATCH", resource + "3/", Json::object()).status == 404);
            BOOST_TEST(ask("DELETE", resource + "3/").status == 404);
            BOOST_TEST(ask("PATCH", resource + "1/", Json::object()).status == 403);
            BOOST_TEST(ask("DELETE", resource + "1/").status == 403);
            BOOST_TEST(ask("GET", resource + "?organization=2").status == 403);
            BOOST_TEST(ask("GET", resource + "?name=" + resource.substr(1, 1) + "2").body["count"] == 0);
        }
    const Json foreign{
        {"organization", 2}
    };
    const Json for_all{
        {"organization", nullptr}
    };
    BOOST_TEST(ask("PATCH", "/aaa_profile/2/", foreign).status == 403);
    BOOST_TEST(ask("PATCH", "/aaa_profile/2/", for_all).status == 403);
    const auto replaced = ask("PUT", "/aaa_profile/2/",
                              {
                                  {"name", "mine"}
    });
    BOOST_TEST(replaced.body["organization"] == 1);
    const auto made = ask("POST", "/aaa_profile/",
                          {
                              {"name", "new"}
    });
    BOOST_TEST(made.body["organization"] == 1);
    BOOST_TEST(ask("POST", "/nas/", nas_of("new", "192.0.2.7", "a-good-secret")).status == 403);
    BOOST_TEST(ask("PATCH", "/nas/2/", Json::object()).status == 403);

    BOOST_TEST(ask("GET", "/organization/").body["count"] == 0);
    BOOST_TEST(ask("GET", "/organization/2/").status == 404);
    BOOST_TEST(ask("POST", "/organization/", foreign).status == 403);
    const auto own = ask("GET", "/me/organization/").body;
    BOOST_TEST(own["count"] == 1);
    BOOST_TEST(own["results"][0].dump() == R"({"id":1,"is_active":true,"name":null,"parent":null})");
}

BOOST_AUTO_TEST_SUITE_END()

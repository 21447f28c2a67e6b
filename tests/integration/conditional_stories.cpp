// Administrators who change the same user at the same time, and lists that are read while they do.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <map>
#include <set>

using namespace hourglass::test;

namespace {

constexpr int administrators = 6;

std::string path_of(std::int64_t id) {
    return "/user_token/" + std::to_string(id) + "/";
}

std::string etag_of(const ApiAnswer& answer) {
    const auto name = answer.headers.find("ETag: ");
    const auto value = name + std::string_view("ETag: ").size();
    return answer.headers.substr(value, answer.headers.find_first_of("\r\n", value) - value);
}

std::map<int, int> count_statuses(std::vector<std::future<ApiAnswer>> answers) {
    std::map<int, int> statuses;
    for (auto& answer : answers)
        ++statuses[answer.get().status];
    return statuses;
}

// The part of a link behind /api/v1.
std::string path_of_link(const Json& link) {
    const auto text = link.get<std::string>();
    return text.substr(text.find("/api/v1") + std::string_view("/api/v1").size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conditions)

BOOST_AUTO_TEST_CASE(of_those_who_change_the_same_version_at_once_one_wins_and_the_others_are_told) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann");
    const auto version = etag_of(administrator.ask("GET", path_of(ann)));

    std::vector<std::future<ApiAnswer>> answers;
    for (int i = 0; i < administrators; ++i) {
        answers.push_back(std::async(std::launch::async, [&, i] {
            const Json body{
                {"description", "by " + std::to_string(i)}
            };
            return administrator.ask("PATCH", path_of(ann), body, {"If-Match: " + version});
        }));
    }
    const auto statuses = count_statuses(std::move(answers));
    BOOST_TEST((statuses == std::map<int, int>{
                                {200, 1                 },
                                {412, administrators - 1}
    }));
    BOOST_TEST(administrator.ask("DELETE", path_of(ann), {}, {"If-Match: " + version}).status == 412);
    BOOST_TEST(administrator.ask("DELETE", path_of(ann), {}, {"If-Match: *"}).status == 204);
}

BOOST_AUTO_TEST_CASE(pages_by_cursor_miss_nobody_while_others_go) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    std::vector<std::int64_t> created;
    for (int i = 0; i < 9; ++i)
        created.push_back(administrator.add_user("user" + std::to_string(i)));

    std::set<std::int64_t> listed;
    std::string path = "/user_token/?limit=3&cursor=";
    while (!path.empty()) {
        const auto page = administrator.ask("GET", path).body;
        BOOST_TEST(page["previous"].is_null());
        for (const auto& user : page["results"])
            BOOST_TEST(listed.insert(user["id"].get<std::int64_t>()).second);
        // Whoever was listed first goes: by offset, everybody behind would move up.
        administrator.ask("DELETE", path_of(page["results"][0]["id"].get<std::int64_t>()));
        path = page["next"].is_null() ? "" : path_of_link(page["next"]);
    }
    BOOST_TEST((listed == std::set(created.begin(), created.end())));

    const auto refused = administrator.ask("GET", "/user_token/?cursor=nonsense");
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.body["cursor"].is_array());
}

BOOST_AUTO_TEST_CASE(no_cursor_opens_another_organization) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    for (int i = 0; i < 4; ++i) {
        administrator.add_user("user" + std::to_string(i), {
                                                               {"organization", 1 + i % 2}
        });
    }
    const auto cursor_of_all =
        path_of_link(administrator.ask("GET", "/user_token/?limit=1&cursor=").body["next"]);
    const auto confined = administrator
                              .ask("POST", "/api_token/",
                                   {
                                       {"name",          "second"             },
                                       {"scopes",        Json::array({"read"})},
                                       {"organizations", Json::array({2})     }
    })
                              .body["token"]
                              .get<std::string>();
    for (const auto& path : {std::string("/user_token/?cursor="), cursor_of_all}) {
        const auto page = administrator.ask_with_token(confined, "GET", path).body;
        BOOST_TEST(page["count"] == 2);
        for (const auto& user : page["results"])
            BOOST_TEST(user["organization"] == 2);
    }
}

BOOST_AUTO_TEST_CASE(the_document_is_for_every_token_and_is_sent_once) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto document = administrator.ask("GET", "/schema/");
    BOOST_TEST(document.status == 200);
    BOOST_TEST(document.body["openapi"] == "3.1.0");
    BOOST_TEST(administrator.ask("GET", "/schema/", {}, {"If-None-Match: " + etag_of(document)}).status ==
               304);
    BOOST_TEST(administrator.ask("OPTIONS", "/schema/").status == 200);
    BOOST_TEST(administrator.ask("DELETE", "/schema/").status == 405);
    BOOST_TEST(administrator.ask_with_token("", "GET", "/schema/").status == 401);
}

BOOST_AUTO_TEST_SUITE_END()

// Many clients at once on one user: fifty connections, whose requests all leave before the first reply is
// read.
#include "tests/integration/clients.hpp"
#include "tests/integration/http_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <map>

using namespace hourglass::test;

namespace {

constexpr std::size_t clients = 50;

struct RacingRequest {
    std::string method;
    std::string path;  // below /api/v1
    Json body{};
    HeaderFields headers{};
};

class Race {
public:
    explicit Race(const Daemon& daemon) : token_(daemon.token()) {
        for (std::size_t i = 0; i < clients; ++i)
            wires_.emplace_back(daemon.ports().api);
    }

    // One request a client, all at once; the replies in the order of the clients.
    std::vector<HttpReply> run(const std::vector<RacingRequest>& requests) {
        for (std::size_t i = 0; i < requests.size(); ++i)
            wires_.at(i).send(to_octets(requests[i]));
        std::vector<HttpReply> replies;
        for (std::size_t i = 0; i < requests.size(); ++i)
            replies.push_back(wires_.at(i).receive().value());
        return replies;
    }

    std::vector<HttpReply> run_same(const RacingRequest& request) {
        return run(std::vector<RacingRequest>(clients, request));
    }

private:
    std::string to_octets(const RacingRequest& request) const {
        auto headers = request.headers;
        headers.emplace_back("Host", "api.test");
        headers.emplace_back("Authorization", "Bearer " + token_);
        headers.emplace_back("Content-Type", "application/json");
        const auto body = request.body.is_null() ? "" : request.body.dump();
        return to_http(request.method, "/api/v1" + request.path, headers, body);
    }

    std::string token_;
    std::vector<HttpWire> wires_;
};

using StatusCounts = std::map<int, int>;

StatusCounts count_statuses(const std::vector<HttpReply>& replies) {
    StatusCounts counts;
    for (const auto& reply : replies)
        ++counts[reply.status];
    return counts;
}

std::string path_of(std::int64_t id) {
    return "/user_token/" + std::to_string(id) + "/";
}

Json user_of(const std::string& name) {
    return {
        {"username",     name},
        {"password",     "x" },
        {"organization", 1   }
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(races)

BOOST_AUTO_TEST_CASE(of_fifty_who_make_one_user_name_one_succeeds) {
    const Daemon daemon;
    Race race(daemon);
    for (const std::string name : {"first", "second", "third"}) {
        const auto replies = race.run_same({"POST", "/user_token/", user_of(name)});
        BOOST_TEST((count_statuses(replies) == StatusCounts{
                                                   {201, 1 },
                                                   {400, 49}
        }));
        for (const auto& reply : replies) {
            if (reply.status == 400)
                BOOST_TEST(Json::parse(reply.body)["username"][0] ==
                           "user with this username already exists.");
        }
        BOOST_TEST(Administrator(daemon).ask("GET", "/user_token/?username=" + name).body["count"] == 1);
    }
    BOOST_TEST(Administrator(daemon).ask("GET", "/user_token/").body["count"] == 3);
}

BOOST_AUTO_TEST_CASE(of_fifty_users_who_want_one_new_name_one_gets_it) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    Race race(daemon);
    std::vector<RacingRequest> renames;
    for (std::size_t i = 0; i < clients; ++i)
        renames.push_back(
            {"PATCH", path_of(administrator.add_user("user" + std::to_string(i))), {{"username", "wanted"}}});
    BOOST_TEST((count_statuses(race.run(renames)) == StatusCounts{
                                                         {200, 1 },
                                                         {400, 49}
    }));
    BOOST_TEST(administrator.ask("GET", "/user_token/?search=user").body["count"] == 49);
}

BOOST_AUTO_TEST_CASE(changes_of_different_fields_all_last) {
    constexpr auto fields = std::to_array<std::string_view>(
        {"external_id", "klass", "first_name", "last_name", "description", "custom_field_1"});
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann");
    const auto extra = administrator
                           .ask("POST", "/user_extra/",
                                {
                                    {"parent", ann}
    })
                           .body["id"]
                           .get<std::int64_t>();
    Race race(daemon);

    // Ten fields of the user's record and of the extra one, five clients each; all five send the same.
    const auto extra_path = "/user_extra/" + std::to_string(extra) + "/";
    std::vector<RacingRequest> changes;
    for (std::size_t i = 0; i < clients; ++i) {
        const auto number = std::to_string(i % 10);
        if (i % 10 < 5) {
            changes.push_back({"PATCH", path_of(ann), {{std::string(fields.at(i % 10)), "value " + number}}});
        } else {
            changes.push_back(
                {"PATCH", extra_path, {{"custom_field_" + std::to_string(i % 10 - 4), "value " + number}}});
        }
    }
    BOOST_TEST((count_statuses(race.run(changes)) == StatusCounts{
                                                         {200, 50}
    }));

    const auto user = administrator.ask("GET", path_of(ann)).body;
    const auto record = administrator.ask("GET", extra_path).body;
    for (std::size_t i = 0; i < 5; ++i) {
        BOOST_TEST(user[std::string(fields.at(i))] == "value " + std::to_string(i));
        BOOST_TEST(record["custom_field_" + std::to_string(i + 1)] == "value " + std::to_string(i + 5));
    }
}

// Waits for an If-Match that is compared by the step that writes.
BOOST_AUTO_TEST_CASE(of_fifty_who_change_one_version_one_does) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann");
    const HttpReply seen = Race(daemon)
                               .run({
                                   {"GET", path_of(ann)}
    })
                               .front();
    std::vector<RacingRequest> changes;
    for (std::size_t i = 0; i < clients; ++i) {
        changes.push_back({"PATCH",
                           path_of(ann),
                           {{"klass", std::to_string(i)}},
                           {{"If-Match", *find_header(seen.headers, "ETag")}}});
    }
    Race race(daemon);
    BOOST_TEST((count_statuses(race.run(changes)) == StatusCounts{
                                                         {200, 1 },
                                                         {412, 49}
    }));
}

BOOST_AUTO_TEST_CASE(of_fifty_who_delete_one_user_one_does) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    Race race(daemon);
    for (const std::string name : {"first", "second", "third"}) {
        const auto user = administrator.add_user(name);
        const auto extra = administrator
                               .ask("POST", "/user_extra/",
                                    {
                                        {"parent", user}
        })
                               .body["id"]
                               .dump();
        BOOST_TEST((count_statuses(race.run_same({
                        "DELETE", "/user_extra/" + extra + "/"
        })) == StatusCounts{{204, 1}, {404, 49}}));
        BOOST_TEST((count_statuses(race.run_same({
                        "DELETE", path_of(user)
        })) == StatusCounts{{204, 1}, {404, 49}}));
    }
    BOOST_TEST(administrator.ask("GET", "/user_token/").body["count"] == 0);
}

BOOST_AUTO_TEST_CASE(of_fifty_extra_records_of_one_user_one_is_made) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann");
    Race race(daemon);
    const auto replies = race.run_same({"POST", "/user_extra/", {{"parent", ann}}});
    BOOST_TEST((count_statuses(replies) == StatusCounts{
                                               {201, 1 },
                                               {409, 49}
    }));
    BOOST_TEST(administrator.ask("GET", "/user_extra/").body["count"] == 1);
}

BOOST_AUTO_TEST_CASE(fifty_credits_all_count_and_one_key_counts_once) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann");
    Race race(daemon);
    const auto credit = path_of(ann) + "credit/";
    BOOST_TEST((count_statuses(race.run_same({
                    "POST", credit, {{"seconds", 7}}
    })) == StatusCounts{{201, 50}}));
    BOOST_TEST(administrator.settled_time(ann) == 350);

    const auto replies = race.run_same({"POST", credit, {{"seconds", 9}}, {{"Idempotency-Key", "order-1"}}});
    BOOST_TEST((count_statuses(replies) == StatusCounts{
                                               {201, 50}
    }));
    for (const auto& reply : replies)
        BOOST_TEST(reply.body == replies.front().body);
    BOOST_TEST(administrator.settled_time(ann) == 359);
}

// What one deletes while others change it is gone in the end, and nothing of it comes back.
BOOST_AUTO_TEST_CASE(a_user_who_is_deleted_amid_changes_stays_deleted) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann");
    Race race(daemon);
    std::vector<RacingRequest> requests(clients,
                                        {
                                            "PATCH", path_of(ann), {{"username", "anna"}, {"klass", "x"}}
    });
    requests[clients / 2] = {"DELETE", path_of(ann)};
    const auto counts = count_statuses(race.run(requests));
    BOOST_TEST(counts.at(204) == 1);
    BOOST_TEST((counts.contains(200) ? counts.at(200) : 0) + (counts.contains(404) ? counts.at(404) : 0) ==
               49);
    BOOST_TEST(administrator.ask("GET", path_of(ann)).status == 404);
    BOOST_TEST(administrator.ask("GET", "/user_token/").body["count"] == 0);
    for (const std::string name : {"ann", "anna"})
        BOOST_TEST(administrator.ask("POST", "/user_token/", user_of(name)).status == 201);
}

BOOST_AUTO_TEST_SUITE_END()

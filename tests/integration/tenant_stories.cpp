// Two organizations on one daemon. With every token that is confined to ours, every route is tried for what
// is theirs: nothing of it may be seen, and nothing of it may change.
#include "tests/integration/clients.hpp"
#include "tests/integration/http_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <fstream>
#include <map>
#include <sstream>

using namespace hourglass::test;

namespace {

constexpr std::string_view mark = "hidden";  // somewhere in everything of theirs
constexpr std::string_view missing_id = "987654321";

struct Attempt {
    std::string query;
    std::string body;
};

// A row of tests/data/tenants/routes.txt.
struct TriedRoute {
    std::string method;
    std::string path;
    std::vector<std::string> ids;  // what {id} may stand for, by name
    std::vector<Attempt> attempts;
};

Attempt read_attempt(const std::string& line) {
    const auto text = line.substr(line.find_first_not_of(' '));
    if (text.front() != '?') return {.query = "", .body = text};
    const auto space = std::min(text.find(' '), text.size());
    return {.query = text.substr(0, space), .body = text.substr(std::min(space + 1, text.size()))};
}

std::vector<TriedRoute> read_routes() {
    std::ifstream table(HOURGLASS_TEST_DATA "/tenants/routes.txt");
    std::vector<TriedRoute> routes;
    std::string line;
    while (std::getline(table, line)) {
        if (line.empty() || line.front() == '#') continue;
        if (line.front() == ' ') {
            routes.back().attempts.push_back(read_attempt(line));
            continue;
        }
        std::istringstream words(line);
        TriedRoute route;
        words >> route.method >> route.path;
        for (std::string id; words >> id;)
            route.ids.push_back(id);
        route.attempts.emplace_back();
        routes.push_back(std::move(route));
    }
    return routes;
}

// Headers that other servers have been fooled by, or that ask about an object without its body.
const std::array<HeaderFields, 4> disguises{
    HeaderFields{},
    HeaderFields{{"If-None-Match", "*"}},
    HeaderFields{{"If-Match", "*"}, {"X-HTTP-Method-Override", "GET"}},
    HeaderFields{{"X-Organization", "12"}, {"X-Forwarded-For", "127.0.0.1"}},
};

// Two organizations with everything that one can have.
class World {
public:
    World() : wire_(daemon_.ports().api), root_(daemon_.token()) {
        const auto our_user = make_user("alfa", our_organization, "ours");
        names_["our_user"] = our_user;
        names_["our_extra"] = make("/user_extra/", {
                                                       {"parent", std::stoll(our_user)},
                                                       {"city",   "ours"              }
        });

        const auto their_user = make_user("bravo", their_organization, "hidden");
        names_["their_user"] = their_user;
        names_["their_user_2"] = make_user("bravo-2", their_organization, "hidden");
        names_["their_extra"] =
            make("/user_extra/",
                 {
                     {"parent", std::stoll(their_user)},
                     {"city",   "hidden"              },
                     {"tax_id", "hidden"              }
        });
        names_["their_token"] = make_token("hidden", {"read"}, {their_organization}).first;
        make("/user_token/" + their_user + "/credit/", {
                                                           {"seconds", 60      },
                                                           {"reason",  "hidden"}
        });
        radclient(daemon_, "acct",
                  "User-Name=bravo,NAS-Identifier=hidden,Acct-Session-Id=hidden,Calling-Station-Id=hidden,"
                  "Acct-Status-Type=Start");
        names_["root_token"] = "1";
        names_["ours"] = std::to_string(our_organization);
        names_["theirs"] = std::to_string(their_organization);

        using Scopes = std::vector<std::string>;
        for (const auto& scopes : {Scopes{"read"}, Scopes{"write"}, Scopes{"admin"}})
            tokens_.push_back(make_token("ours", scopes, {our_organization}).second);
        tokens_.push_back(make_token("ours", {"admin"}, {our_organization, other_organization}).second);
    }

    const std::vector<std::string>& tokens() const { return tokens_; }
    std::string id(const std::string& name) const { return names_.at(name); }

    // "$theirs" and the like, by their values.
    std::string expand(std::string text) const {
        for (auto name = names_.rbegin(); name != names_.rend(); ++name) {
            for (auto at = text.find("$" + name->first); at != text.npos; at = text.find("$" + name->first))
                text.replace(at, name->first.size() + 1, name->second);
        }
        return text;
    }

    HttpReply ask(const std::string& token, const std::string& method, const std::string& target,
                  const std::string& body = {}, HeaderFields headers = {}) {
        headers.emplace_back("Host", "api.test");
        headers.emplace_back("Authorization", "Bearer " + token);
        if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
        wire_.send(to_http(method, target, headers, body));
        return wire_.receive().value();
    }

    // All that is theirs, as the administrator of all sees it.
    std::map<std::string, Json> theirs(const std::vector<TriedRoute>& routes) {
        std::map<std::string, Json> seen;
        for (const auto& route : routes) {
            if (route.method != "GET" || !route.path.starts_with("/api/")) continue;
            const auto query = "?limit=100&balance=true&device_info=true&organization=" + id("theirs");
            for (const auto& name : route.ids.empty() ? std::vector<std::string>{""} : route.ids) {
                const auto target = target_of(route.path, name.empty() ? "" : id(name)) + query;
                seen[target] = without_ours(ask(root_, "GET", target).body);
            }
        }
        return seen;
    }

    static std::string target_of(std::string path, const std::string& id) {
        if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, id);
        return path;
    }

private:
    static constexpr int our_organization = 11;
    static constexpr int their_organization = 12;
    static constexpr int other_organization = 13;

    static Json without_ours(const std::string& text) {
        auto body = Json::parse(text);
        if (!body.contains("results") || !body.contains("count")) return body;
        auto kept = Json::array();
        for (auto& item : body["results"]) {
            const bool is_theirs = item.value("organization", Json()) == their_organization;
            if (is_theirs || item.dump().find(mark) != std::string::npos) kept.push_back(item);
        }
        return kept;
    }

    std::string make(const std::string& path, const Json& body) {
        const auto reply = ask(root_, "POST", "/api/v1" + path, body.dump());
        if (reply.status != 201) throw std::runtime_error(path + " not made: " + reply.body);
        return Json::parse(reply.body).at("id").dump();
    }
    std::string make_user(const std::string& name, int organization, const std::string& text) {
        return make("/user_token/", {
                                        {"username",     name         },
                                        {"password",     "x"          },
                                        {"organization", organization },
                                        {"user_time",    600          },
                                        {"external_id",  name + "-key"},
                                        {"klass",        text         },
                                        {"description",  text         }
        });
    }
    std::pair<std::string, std::string> make_token(const std::string& name,
                                                   const std::vector<std::string>& scopes,
                                                   const std::vector<int>& organizations) {
        const Json body{
            {"name",          name         },
            {"scopes",        scopes       },
            {"organizations", organizations}
        };
        const auto made = Json::parse(ask(root_, "POST", "/api/v1/api_token/", body.dump()).body);
        return {made.at("id").dump(), made.at("token").get<std::string>()};
    }

    Daemon daemon_;
    HttpWire wire_;
    std::string root_;
    std::map<std::string, std::string> names_;
    std::vector<std::string> tokens_;
};

bool shows(const HttpReply& reply, std::string_view text) {
    return reply.body.find(text) != std::string::npos ||
           std::ranges::any_of(reply.headers, [&](const auto& header) {
               return header.second.find(text) != header.second.npos;
           });
}

// A page of all we may see counts what is on it, and nothing else.
bool counts_more_than_it_shows(const HttpReply& reply) {
    const auto body = Json::parse(reply.body, nullptr, false);
    if (!body.is_object() || !body.contains("count") || !body.contains("results")) return false;
    return body["next"].is_null() && body["previous"].is_null() && body["count"] != body["results"].size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tenants)

BOOST_AUTO_TEST_CASE(a_confined_token_neither_sees_nor_changes_what_is_not_its_own) {
    World world;
    const auto routes = read_routes();
    const auto before = world.theirs(routes);

    const auto attempt_is_in_vain = [&](const TriedRoute& route, const std::string& id,
                                        const Attempt& attempt, const std::string& token,
                                        const HeaderFields& headers) {
        const auto query = world.expand(attempt.query);
        const auto body = world.expand(attempt.body);
        const auto target = World::target_of(route.path, id.empty() ? "" : world.id(id)) + query;
        const auto reply = world.ask(token, route.method, target, body, headers);
        const auto what = route.method + " " + target + " " + body + " -> " + std::to_string(reply.status) +
                          " " + reply.body;
        BOOST_TEST(reply.status < 500, what);
        BOOST_TEST(!shows(reply, mark), what);
        BOOST_TEST(!counts_more_than_it_shows(reply), what);
        if (id.empty() || id.starts_with("our_")) return;

        // As if it did not exist.
        const auto missing = World::target_of(route.path, std::string(missing_id)) + query;
        const auto same = world.ask(token, route.method, missing, body, headers);
        BOOST_TEST((reply.status == same.status && reply.body == same.body && reply.status >= 400), what);
        BOOST_TEST(find_header(reply.headers, "ETag") == nullptr, what);
    };

    for (const auto& token : world.tokens()) {
        for (const auto& route : routes) {
            for (const auto& id : route.ids.empty() ? std::vector<std::string>{""} : route.ids) {
                for (const auto& attempt : route.attempts) {
                    for (const auto& headers : disguises)
                        attempt_is_in_vain(route, id, attempt, token, headers);
                }
            }
        }
    }

    const auto after = world.theirs(routes);
    for (const auto& [target, theirs] : before)
        BOOST_TEST(theirs == after.at(target), target << "\nwas " << theirs << "\nis  " << after.at(target));
}

// The story above would see nothing if there were nothing to be seen.
BOOST_AUTO_TEST_CASE(what_is_theirs_is_there_to_be_seen) {
    World world;
    for (const auto& [target, theirs] : world.theirs(read_routes())) {
        const bool is_marked = theirs.dump().find(mark) != std::string::npos;
        const bool is_of_root = target.find("/api_token/1/") != std::string::npos;
        BOOST_TEST((is_marked || is_of_root), target << " " << theirs);
    }
}

BOOST_AUTO_TEST_SUITE_END()

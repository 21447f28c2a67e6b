// Two organizations on one daemon. With every token that is confined to ours, every route is tried for what
// is theirs: nothing of it may be seen, and nothing of it may change.
#include "tests/integration/clients.hpp"
#include "tests/integration/rule_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <fstream>
#include <map>
#include <span>
#include <sstream>

using namespace hourglass::test;

namespace {

constexpr std::string_view mark = "hidden";  // somewhere in everything of theirs
constexpr std::string_view missing_id = "987654321";
constexpr std::chrono::milliseconds listening_time{300};  // to a stream of events

struct Attempt {
    std::string query;
    std::string body;
};

// A row of tests/data/tenants/routes.txt.
struct TriedRoute {
    std::string method;
    std::string path;
    std::string media_type = "application/json";  // of bodies
    bool is_stream{};                             // its reply has no end
    bool is_unmarked{};                           // its reply shows nothing of theirs to anybody
    std::vector<std::string> ids;                 // what {id} may stand for; one empty one if there is none
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
        for (std::string word; words >> word;) {
            if (word == "stream")
                route.is_stream = true;
            else if (word == "unmarked")
                route.is_unmarked = true;
            else if (word.find('/') != word.npos)
                route.media_type = word;
            else
                route.ids.push_back(word);
        }
        if (route.ids.empty()) route.ids.emplace_back();
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

// One is enough where each try takes time.
std::span<const HeaderFields> disguises_for(const TriedRoute& route) {
    return std::span(disguises).first(route.is_stream ? 1 : disguises.size());
}

// Two organizations with everything that one can have: tests/data/tenants/world.txt.
class World {
public:
    World() : names_(daemon_), client_(daemon_.ports().api) {
        for (const auto& rule : read_rules(HOURGLASS_TEST_DATA "/tenants/world.txt")) {
            const auto complaint = names_.complaint_about(rule);
            if (!complaint.empty()) throw std::runtime_error(rule.place + ": " + complaint);
        }
    }

    // "$theirs" and the like, by their values.
    std::string expand(const std::string& text) const { return names_.expand(text); }

    HttpReply ask(const std::string& token, const std::string& method, const std::string& target,
                  const std::string& body = {}, const HeaderFields& headers = {}) {
        const auto reply = client_.ask(to_octets(token, method, target, body, headers));
        if (!reply) throw std::runtime_error("no reply to " + method + " " + target);
        return *reply;
    }

    // What comes at first of a reply without end.
    std::string listen(const std::string& token, const std::string& target, const HeaderFields& headers) {
        HttpWire wire(daemon_.ports().api);
        wire.send(to_octets(token, "GET", target, {}, headers));
        return wire.receive_for(listening_time);
    }

    // All that is theirs, as the administrator of all sees it.
    std::map<std::string, Json> theirs(const std::vector<TriedRoute>& routes) {
        std::map<std::string, Json> seen;
        for (const auto& route : routes) {
            if (route.method != "GET" || route.is_stream || route.is_unmarked) continue;
            for (const auto& id : route.ids) {
                const auto target = target_of(route, expand(id)) +
                                    expand("?limit=100&balance=true&device_info=true&organization=$theirs");
                seen[target] = without_ours(ask(expand("$admin"), "GET", target).body);
            }
        }
        return seen;
    }

    static std::string target_of(const TriedRoute& route, const std::string& id) {
        auto path = route.path;
        if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, id);
        return path;
    }

private:
    static std::string to_octets(const std::string& token, const std::string& method,
                                 const std::string& target, const std::string& body, HeaderFields headers) {
        headers.emplace_back("Host", "api.test");
        headers.emplace_back("Authorization", "Bearer " + token);
        return to_http(method, target, headers, body);
    }

    // Of a list, the part that is theirs.
    Json without_ours(const std::string& text) const {
        const auto body = Json::parse(text, nullptr, false);
        if (body.is_discarded()) return text;
        if (!body.contains("results") || !body.contains("count")) return body;
        auto kept = Json::array();
        for (const auto& item : body["results"]) {
            const bool is_theirs = item.value("organization", Json()).dump() == expand("$theirs");
            if (is_theirs || item.dump().find(mark) != std::string::npos) kept.push_back(item);
        }
        return kept;
    }

    Daemon daemon_;
    RuleRunner names_;
    HttpClient client_;
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
    const bool is_whole = body["next"].is_null() && body["previous"].is_null();
    return is_whole && body["count"].is_number() && body["count"] != body["results"].size();
}

// One try with one token. Nothing of theirs is told, and their objects are as if they did not exist.
void check_in_vain(World& world, const TriedRoute& route, const std::string& id, const Attempt& attempt,
                   const std::string& token, HeaderFields headers) {
    const auto query = world.expand(attempt.query);
    const auto body = world.expand(attempt.body);
    const auto target = World::target_of(route, world.expand(id)) + query;
    if (route.is_stream) {
        const auto heard = world.listen(token, target, headers);
        BOOST_TEST((!heard.empty() && heard.find(mark) == heard.npos), target << " -> " << heard);
        return;
    }

    headers.emplace_back("Content-Type", route.media_type);
    const auto reply = world.ask(token, route.method, target, body, headers);
    const auto what =
        route.method + " " + target + " " + body + " -> " + std::to_string(reply.status) + " " + reply.body;
    BOOST_TEST(reply.status < 500, what);
    BOOST_TEST(!shows(reply, mark), what);
    BOOST_TEST(!counts_more_than_it_shows(reply), what);
    if (id.empty() || id.starts_with("$our_")) return;

    const auto missing = World::target_of(route, std::string(missing_id)) + query;
    const auto same = world.ask(token, route.method, missing, body, headers);
    BOOST_TEST((reply.status == same.status && reply.body == same.body && reply.status >= 400), what);
    BOOST_TEST((find_header(reply.headers, "ETag") == nullptr), what);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tenants)

BOOST_AUTO_TEST_CASE(a_confined_token_neither_sees_nor_changes_what_is_not_its_own) {
    World world;
    const auto routes = read_routes();
    const auto before = world.theirs(routes);

    for (const std::string token : {"$read", "$write", "$administer", "$two"}) {
        for (const auto& route : routes) {
            for (const auto& id : route.ids) {
                for (const auto& attempt : route.attempts) {
                    for (const auto& headers : disguises_for(route))
                        check_in_vain(world, route, id, attempt, world.expand(token), headers);
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
        BOOST_TEST((theirs.dump().find(mark) != std::string::npos), target << " " << theirs);
    }
}

BOOST_AUTO_TEST_SUITE_END()

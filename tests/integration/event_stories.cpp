// Events over real sockets, from real logins and reports; and why a user would get in or not.
#include "tests/integration/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <thread>

using namespace hourglass::test;

namespace {

constexpr std::chrono::milliseconds poll_interval{20};
constexpr std::chrono::seconds event_time_limit{20};

// curl -N on /events/, its output in a file.
class EventStream {
public:
    EventStream(const Daemon& daemon, const std::string& token, const std::string& query = {},
                const Headers& headers = {})
        : process_(arguments(daemon, token, query, headers), log()) {
        wait_for("retry: ");
    }

    void wait_for(const std::string& text) {
        const auto deadline = std::chrono::steady_clock::now() + event_time_limit;
        while (read().find(text) == std::string::npos) {
            if (std::chrono::steady_clock::now() > deadline || process_.wait(poll_interval))
                throw std::runtime_error("\"" + text + "\" was not told, but: " + read());
        }
    }
    bool ends() { return process_.wait(event_time_limit).has_value(); }
    std::string read() const { return read_file(log()); }
    std::vector<Json> events() const {
        std::vector<Json> events;
        std::istringstream lines(read());
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("data: ")) events.push_back(Json::parse(line.substr(6)));
        }
        return events;
    }
    // "login start"
    std::string types() const {
        std::string types;
        for (const auto& event : events())
            types += (types.empty() ? "" : " ") + event.at("type").get<std::string>();
        return types;
    }
    std::string last_id() const {
        const auto text = read();
        const auto begin = text.rfind("\nid: ") + 5;
        return text.substr(begin, text.find('\n', begin) - begin);
    }

private:
    static Arguments arguments(const Daemon& daemon, const std::string& token, const std::string& query,
                               const Headers& headers) {
        Arguments arguments{
            "curl", "-sSN", "-H", "Authorization: Bearer " + token, "-H", "Accept: text/event-stream"};
        for (const auto& header : headers)
            arguments.insert(arguments.end(), {"-H", header});
        arguments.push_back(daemon.api_url() + "/api/v1/events/" + query);
        return arguments;
    }
    std::filesystem::path log() const { return directory_ / "events"; }

    TemporaryDirectory directory_;
    BackgroundProcess process_;
};

void log_in(const Daemon& daemon, const std::string& user, const std::string& password = "hello") {
    radclient(daemon, "auth",
              "User-Name=" + user + ",User-Password=" + password + ",Calling-Station-Id=02-00-00-00-00-01");
}

void report(const Daemon& daemon, const std::string& user, const std::string& attributes) {
    const auto answer = radclient(
        daemon, "acct", "User-Name=" + user + ",NAS-Identifier=lab,Acct-Session-Id=s1," + attributes);
    BOOST_TEST_REQUIRE(answer.packet == "Accounting-Response");
}

Json make_token(const Administrator& administrator, const Json& fields) {
    Json token{
        {"name",   "listener"           },
        {"scopes", Json::array({"read"})}
    };
    token.update(fields);
    return administrator.ask("POST", "/api_token/", token).body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(a_stay_is_told_as_it_happens) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 400}
    });
    EventStream stream(daemon, daemon.token());
    log_in(daemon, "ann", "wrong");
    stream.wait_for("wrong_password");
    log_in(daemon, "ann");
    // Workers tell their events each for itself, a moment later: what one tells first has to be there first.
    report(daemon, "ann", "Acct-Status-Type=Start");
    stream.wait_for("\"start\"");
    report(daemon, "ann", "Acct-Status-Type=Interim-Update,Acct-Session-Time=50");
    stream.wait_for("time_jumped");
    report(daemon, "ann", "Acct-Status-Type=Interim-Update,Acct-Session-Time=150");
    stream.wait_for("low_balance");
    report(daemon, "ann", "Acct-Status-Type=Interim-Update,Acct-Session-Time=450");
    stream.wait_for("exhausted");
    report(daemon, "ann", "Acct-Status-Type=Stop,Acct-Session-Time=460,Acct-Terminate-Cause=Session-Timeout");
    stream.wait_for("\"stop\"");

    // Its NAS counts minutes in a moment.
    BOOST_TEST(stream.types() == "reject login start anomaly anomaly low_balance anomaly exhausted stop");
    const auto events = stream.events();
    BOOST_TEST_REQUIRE(events.size() == 9U);
    for (const auto& event : events) {
        BOOST_TEST(event["user"] == ann);
        BOOST_TEST(event["username"] == "ann");
        BOOST_TEST(event["organization"] == 1);
        BOOST_TEST(event["nas"].is_string());
    }
    BOOST_TEST(events[0]["reason"] == "wrong_password");
    BOOST_TEST(events[1]["seconds"] == 400);
    BOOST_TEST(events[1]["calling_station_id"] == "02-00-00-00-00-01");
    BOOST_TEST(events[2]["session_id"] == "s1");
    BOOST_TEST(events[3]["reason"] == "time_jumped");
    BOOST_TEST(events[5]["seconds"] == 300);
    BOOST_TEST(events[5]["balance"] == 250);
    BOOST_TEST(events[7]["balance"] == 0);
    BOOST_TEST(events[8]["seconds"] == 460);
    BOOST_TEST(events[8]["reason"] == "Session-Timeout");
    BOOST_TEST(stream.read().find("hello") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_listener_resumes_after_the_daemon_was_gone) {
    Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time", 4000}
    });
    std::string last_id;
    {
        EventStream stream(daemon, daemon.token());
        report(daemon, "ann", "Acct-Status-Type=Start");
        stream.wait_for("\"start\"");
        last_id = stream.last_id();
        log_in(daemon, "ann");
        daemon.stop();
        BOOST_TEST(stream.ends());
    }
    daemon.start();
    report(daemon, "ann", "Acct-Status-Type=Stop,Acct-Session-Time=5");
    for (const auto& stream_of : {true, false}) {
        EventStream stream(daemon, daemon.token(), stream_of ? "" : "?last_event_id=" + last_id,
                           stream_of ? Headers{"Last-Event-ID: " + last_id} : Headers{});
        stream.wait_for("\"stop\"");
        BOOST_TEST(stream.types() == "login stop");
    }
}

BOOST_AUTO_TEST_CASE(a_tenant_hears_of_its_own_users_only) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"organization", 1}
    });
    administrator.add_user("ben", {
                                      {"organization", 2}
    });
    const auto made = make_token(administrator, {
                                                    {"organizations", Json::array({2})}
    });
    const auto token = made["token"].get<std::string>();
    for (const auto& query : {"", "?organization=2", "?type=reject,login"}) {
        EventStream stream(daemon, token, query);
        log_in(daemon, "ann", "wrong");
        log_in(daemon, "nobody");
        log_in(daemon, "ben", "wrong");
        stream.wait_for("wrong_password");
        log_in(daemon, "ann", "wrong");
        log_in(daemon, "ben");
        stream.wait_for("no_time_left");
        BOOST_TEST(stream.types() == "reject reject");
        for (const auto& event : stream.events())
            BOOST_TEST(event["username"] == "ben");
    }
    BOOST_TEST(administrator.ask_with_token(token, "GET", "/events/?organization=1").status == 403);
    BOOST_TEST(administrator.ask_with_token(token, "GET", "/events/?type=logout").status == 400);
    BOOST_TEST(administrator.ask_with_token(token, "GET", "/events/?last_event_id=x").status == 400);
    BOOST_TEST(administrator.ask_with_token("", "GET", "/events/").status == 401);
}

BOOST_AUTO_TEST_CASE(a_revoked_token_ends_its_stream) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto made = make_token(administrator, Json::object());
    EventStream stream(daemon, made["token"].get<std::string>());
    administrator.ask("DELETE", "/api_token/" + std::to_string(made["id"].get<std::int64_t>()) + "/");
    BOOST_TEST(stream.ends());
}

BOOST_AUTO_TEST_CASE(the_tool_follows_and_resumes) {
    Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann");
    const TemporaryDirectory directory;
    const auto log = directory / "events";
    const BackgroundProcess tool({HOURGLASS, "--url", daemon.api_url(), "--token-file",
                                  daemon.token_file().string(), "events", "--type", "reject", "--since", "0"},
                                 log);
    const auto wait_for = [&](const std::string& text) {
        const auto deadline = std::chrono::steady_clock::now() + event_time_limit;
        while (read_file(log).find(text) == std::string::npos && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(poll_interval);
        BOOST_TEST(read_file(log).find(text) != std::string::npos, text << " is not in " << read_file(log));
    };
    log_in(daemon, "ann", "wrong");
    wait_for("wrong_password");
    daemon.stop();
    daemon.start();
    log_in(daemon, "ann");
    wait_for("no_time_left");
    log_in(daemon, "nobody");
    wait_for("unknown_user");
}

BOOST_AUTO_TEST_CASE(explain_says_what_a_login_gets) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 90    },
                                                       {"klass",     "gold"}
    });
    const auto path = "/user_token/" + std::to_string(ann) + "/explain/";
    const auto answer = administrator.ask("GET", path + "?nas=127.0.0.1&NAS-Port-Type=19");
    BOOST_TEST_REQUIRE(answer.status == 200);
    BOOST_TEST(answer.body["decision"] == "accept");
    BOOST_TEST(answer.body["reason"].is_null());
    BOOST_TEST(answer.body["nas"].is_string());
    const auto login = radclient(daemon, "auth", "User-Name=ann,User-Password=hello");
    for (const auto& attribute : answer.body["reply"]) {
        const auto name = attribute["attribute"].get<std::string>();
        const auto value = attribute["value"].get<std::string>();
        BOOST_TEST(login.has(name + " = " + (name == "Class" ? "0x676f6c64" : value)), name);
    }
    BOOST_TEST(answer.body["reply"].size() == 3U);

    administrator.change_user(ann, {
                                       {"user_time", 0}
    });
    const auto refused = administrator.ask("GET", path).body;
    BOOST_TEST(refused["decision"] == "reject");
    BOOST_TEST(refused["reason"] == "no_time_left");
    for (const auto& check : refused["checks"])
        BOOST_TEST(check["passed"] == (check["check"] != "balance"), check["check"]);

    BOOST_TEST(administrator.ask("GET", path + "?nas=elsewhere").body["nas"].is_array());
    BOOST_TEST(administrator.ask("GET", path + "?Colour=red").status == 400);
    BOOST_TEST(administrator.ask("GET", "/user_token/999/explain/").status == 404);
    const auto tool = Shell(daemon)({"explain", "ann", "--nas", "127.0.0.1", "NAS-Port-Type=19"});
    BOOST_TEST(tool.exit_status == 0);
    BOOST_TEST(tool.output.find("ann would be rejected: no_time_left.") != std::string::npos, tool.output);
}

BOOST_AUTO_TEST_CASE(explaining_is_no_login) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 90}
    });
    const auto path = "/user_token/" + std::to_string(ann) + "/";
    administrator.ask("GET", path + "explain/");
    BOOST_TEST(administrator.ask("GET", path).body["last_login"].is_null());
    const auto token = make_token(administrator,
                                  {
                                      {"organizations", Json::array({2})}
    })["token"]
                           .get<std::string>();
    BOOST_TEST(administrator.ask_with_token(token, "GET", path + "explain/").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

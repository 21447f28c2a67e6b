// The packets of a running daemon, as a watcher sees them: with radclient as the NAS and the tool as the
// watcher.
#include "tests/integration/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <thread>

using namespace hourglass::test;

namespace {

constexpr std::chrono::milliseconds poll_interval{20};
constexpr std::chrono::seconds trace_time_limit{20};

// hourglass trace, its output in a file.
class Watcher {
public:
    explicit Watcher(const Daemon& daemon, Arguments options = {})
        : process_(arguments(daemon, std::move(options)), log()) {
        wait_for("Watching");
    }

    void wait_for(const std::string& text) {
        const auto deadline = std::chrono::steady_clock::now() + trace_time_limit;
        while (read().find(text) == std::string::npos) {
            if (std::chrono::steady_clock::now() > deadline || process_.wait(poll_interval))
                throw std::runtime_error("\"" + text + "\" was not told, but: " + read());
        }
    }
    std::optional<int> end() { return process_.wait(trace_time_limit); }
    std::string read() const { return read_file(log()); }
    bool has(const std::string& text) const { return read().find(text) != std::string::npos; }

private:
    static Arguments arguments(const Daemon& daemon, Arguments options) {
        Arguments arguments{
            HOURGLASS, "--url", daemon.api_url(), "--token-file", daemon.token_file().string(), "trace"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return arguments;
    }
    std::filesystem::path log() const { return directory_ / "trace"; }

    TemporaryDirectory directory_;
    BackgroundProcess process_;
};

std::vector<Json> packets_in(const std::string& lines) {
    std::vector<Json> packets;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with('{')) packets.push_back(Json::parse(line));
    }
    return packets;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trace)

BOOST_AUTO_TEST_CASE(logins_and_reports_are_told_with_their_reasons_and_without_secrets) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time", 90}
    });
    Watcher watcher(daemon);
    radclient(daemon, "auth", "User-Name=ann,User-Password=hello,NAS-Port-Type=19");
    watcher.wait_for("-> Access-Accept");
    BOOST_TEST(watcher.has("    User-Name = ann\n"));
    BOOST_TEST(watcher.has("    User-Password = ****\n"));
    BOOST_TEST(watcher.has("  ok  password: The password is right.\n"));
    BOOST_TEST(watcher.has("  ok  balance: 90 s are left.\n"));
    BOOST_TEST(watcher.has("    Session-Timeout = 90\n"));

    radclient(daemon, "auth", "User-Name=ann,User-Password=wrong-one");
    watcher.wait_for(": wrong_password after");
    BOOST_TEST(watcher.has("  NO  password: The password is wrong.\n"));

    radclient(daemon, "acct", "User-Name=ann,Acct-Session-Id=s1,Acct-Status-Type=Start");
    radclient(daemon, "acct", "User-Name=ann,Acct-Session-Id=s1,Acct-Status-Type=Stop,Acct-Session-Time=100");
    watcher.wait_for("  90 s charged, 10 s beyond the balance, 0 s are left\n");

    radclient(daemon, "auth", "User-Name=ann,User-Password=hello");
    watcher.wait_for(": no_time_left after");
    BOOST_TEST(watcher.has("    Reply-Message = There is no time left on this account.\n"));

    radclient(daemon, "acct", "User-Name=ann,Acct-Session-Id=s1,Acct-Status-Type=Start",
              {.secret = "another-secret", .timeout_s = 1});
    watcher.wait_for("No answer: the Request or Response Authenticator is wrong");

    for (const auto* const secret : {"hello", "wrong-one", nas_secret})
        BOOST_TEST(!watcher.has(secret), secret);
}

BOOST_AUTO_TEST_CASE(a_repeat_is_told_as_one) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann");
    Watcher watcher(daemon, {"--user", "ann", "--json"});
    Nas nas(daemon.ports().auth, "127.0.0.1");
    const auto login = nas.login("ann", "hello");
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(nas.ask(login, answer_time_limit).has_value());
    watcher.wait_for("\"repeated\"");
    const auto packets = packets_in(watcher.read());
    BOOST_TEST_REQUIRE(packets.size() == 2U);
    BOOST_TEST(packets[0]["outcome"] == "answered");
    BOOST_TEST(packets[0]["reply"] == packets[1]["reply"]);
}

BOOST_AUTO_TEST_CASE(a_trace_is_narrowed_by_user_and_nas) {
    const Daemon daemon({.more = "[[radius.client]]\nname = \"hall\"\naddress = \"127.0.0.9\"\nsecret = "
                                 "\"testing123\"\n"});
    const Administrator administrator(daemon);
    administrator.add_user("ann");
    administrator.add_user("ben");
    Watcher of_ann(daemon, {"--user", "ann", "--json"});
    Watcher of_hall(daemon, {"--nas", "hall", "--json"});
    Nas hall(daemon.ports().auth, "127.0.0.9");
    radclient(daemon, "auth", "User-Name=ann,User-Password=hello");
    BOOST_TEST(hall.ask(hall.login("ben", "hello"), answer_time_limit).has_value());
    of_ann.wait_for("\"ann\"");
    of_hall.wait_for("\"ben\"");
    BOOST_TEST(!of_ann.has("\"ben\""));
    BOOST_TEST(!of_hall.has("\"ann\""));
    const auto unknown = Shell(daemon)({"trace", "--nas", "attic"});
    BOOST_TEST(unknown.exit_status == 1);
    BOOST_TEST(unknown.errors.find("No NAS has this name") != std::string::npos, unknown.errors);
}

BOOST_AUTO_TEST_CASE(a_trace_is_for_administrators_of_all_tenants) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto token_of = [&](const Json& fields) {
        return administrator.ask("POST", "/api_token/", fields).body["token"].get<std::string>();
    };
    const auto reader = token_of({
        {"name",   "reader"             },
        {"scopes", Json::array({"read"})}
    });
    const auto tenant = token_of({
        {"name",          "tenant"              },
        {"scopes",        Json::array({"admin"})},
        {"organizations", Json::array({1})      }
    });
    for (const auto& token : {reader, tenant})
        BOOST_TEST(administrator.ask_with_token(token, "GET", "/trace/").status == 403);
    BOOST_TEST(administrator.ask_with_token("", "GET", "/trace/").status == 401);
}

BOOST_AUTO_TEST_CASE(a_trace_whose_daemon_ends_says_so) {
    Daemon daemon;
    Watcher watcher(daemon);
    daemon.stop();
    const auto status = watcher.end();
    BOOST_TEST_REQUIRE(status.has_value());
    BOOST_TEST(*status == 3);
    BOOST_TEST(watcher.has("The trace has broken off."));
}

BOOST_AUTO_TEST_CASE(check_login_says_whether_and_why_by_its_exit_status_too) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 90}
    });
    const Arguments check{"check-login", "ann",
                          "--nas",       "127.0.0.1",
                          "--attribute", "NAS-Port-Type=19",
                          "--attribute", "Calling-Station-Id=02-00-00-00-00-01"};
    const auto accepted = Shell(daemon)(check);
    BOOST_TEST(accepted.exit_status == 0);
    BOOST_TEST(accepted.output.find("ann would get in.") != std::string::npos, accepted.output);
    BOOST_TEST(accepted.output.find("Session-Timeout = 90") != std::string::npos, accepted.output);

    auto with_password = check;
    with_password.emplace_back("--password-stdin");
    BOOST_TEST(Shell(daemon)(with_password, "hello\n").exit_status == 0);
    const auto wrong = Shell(daemon)(with_password, "hullo\n");
    BOOST_TEST(wrong.exit_status == 1);
    BOOST_TEST(wrong.output.find("ann would be rejected: wrong_password.") != std::string::npos,
               wrong.output);
    BOOST_TEST(wrong.output.find("  NO  password: The password is wrong.") != std::string::npos,
               wrong.output);

    administrator.change_user(ann, {
                                       {"is_active", false}
    });
    BOOST_TEST(Shell(daemon)(check).exit_status == 1);
    BOOST_TEST(Shell(daemon)({"check-login", "nobody"}).exit_status == 1);
    BOOST_TEST(Shell(daemon)({"check-login", "ann", "--attribute", "Colour"}).exit_status == 2);
    BOOST_TEST(
        administrator.ask("GET", "/user_token/" + std::to_string(ann) + "/").body["last_login"].is_null());
}

BOOST_AUTO_TEST_CASE(the_operator_says_what_a_rejected_user_reads) {
    Daemon daemon(
        {.radius = "reply_message = \"full\"\nreply_messages = {no_time_left = \"Buy a voucher.\"}\n"});
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time", 0}
    });
    const auto out_of_time = radclient(daemon, "auth", "User-Name=ann,User-Password=hello");
    BOOST_TEST(out_of_time.has("Reply-Message = \"Buy a voucher.\""), out_of_time.text);
    const auto wrong = radclient(daemon, "auth", "User-Name=ann,User-Password=hullo");
    const auto unknown = radclient(daemon, "auth", "User-Name=nobody,User-Password=hullo");
    for (const auto& answer : {wrong, unknown})
        BOOST_TEST(answer.has("Reply-Message = \"The user name or the password is wrong.\""), answer.text);
}

BOOST_AUTO_TEST_SUITE_END()

// Money: credits through the API and the tool, each once, and the ledger that proves the balance.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace hourglass::test;

namespace {

constexpr std::chrono::milliseconds poll_interval{50};

std::string path_of(std::int64_t id, const std::string& below) {
    return "/user_token/" + std::to_string(id) + "/" + below;
}

Headers with_key(const std::string& key) {
    return {"Idempotency-Key: " + key};
}

Json credit_of(std::int64_t seconds, const std::string& reason = "paid") {
    return {
        {"seconds", seconds},
        {"reason",  reason }
    };
}

void report(const Daemon& daemon, const std::string& session, const std::string& attributes) {
    const auto answer = radclient(
        daemon, "acct", "User-Name=ann,NAS-Identifier=lab,Acct-Session-Id=" + session + "," + attributes);
    BOOST_TEST_REQUIRE(answer.packet == "Accounting-Response");
}

Json ledger_of(const Administrator& administrator, std::int64_t id) {
    return administrator.ask("GET", path_of(id, "ledger/?limit=100")).body;
}

std::int64_t sum_of(const Json& entries) {
    std::int64_t sum = 0;
    for (const auto& entry : entries)
        sum += entry["seconds"].get<std::int64_t>();
    return sum;
}

Finished run_tool(const Daemon& daemon, const std::string& url, Arguments arguments) {
    arguments.insert(arguments.begin(), HOURGLASS);
    return run(arguments, {
                              .environment = {"HOURGLASS_URL=" + url, "HOURGLASS_TOKEN=" + daemon.token()}
    });
}

// Loses the answer to the first POST that it passes on.
class LosingProxy {
public:
    explicit LosingProxy(const Daemon& daemon)
        : process_({"python3", LOSING_PROXY, std::to_string(port_), daemon.api_url()}, log()) {
        while (read_file(log()).find("ready") == std::string::npos) {
            if (process_.wait(poll_interval)) throw std::runtime_error("no proxy: " + read_file(log()));
        }
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    std::filesystem::path log() const { return directory_ / "log"; }

    TemporaryDirectory directory_;
    std::uint16_t port_ = free_ports().api;
    BackgroundProcess process_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(balance)

BOOST_AUTO_TEST_CASE(a_credit_lets_a_user_in_at_the_next_login) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 0}
    });
    BOOST_TEST(radclient(daemon, "auth", "User-Name=ann,User-Password=hello").packet == "Access-Reject");

    const auto credited = administrator.ask("POST", path_of(ann, "credit/"), credit_of(90));
    BOOST_TEST_REQUIRE(credited.status == 201);
    BOOST_TEST(credited.body["id"] == "c2");
    BOOST_TEST(credited.body["seconds"] == 90);
    BOOST_TEST(credited.body["reason"] == "paid");
    BOOST_TEST(credited.body["before"] == 0);
    BOOST_TEST(credited.body["after"] == 90);
    BOOST_TEST(credited.body["source"].get<std::string>().starts_with("token 1 ("));
    BOOST_TEST(radclient(daemon, "auth", "User-Name=ann,User-Password=hello").has("Session-Timeout = 90"));
}

BOOST_AUTO_TEST_CASE(a_repeated_key_credits_once_also_after_the_daemon_was_killed) {
    Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    const auto path = path_of(ann, "credit/");
    const auto first = administrator.ask("POST", path, credit_of(50), with_key("order-1"));
    BOOST_TEST_REQUIRE(first.status == 201);
    const auto second = administrator.ask("POST", path, credit_of(50), with_key("order-1"));
    BOOST_TEST(second.status == 201);
    BOOST_TEST(second.body == first.body);

    daemon.kill();
    daemon.start();
    const auto third = administrator.ask("POST", path, credit_of(50), with_key("order-1"));
    BOOST_TEST(third.status == 201);
    BOOST_TEST(third.body == first.body);
    BOOST_TEST(administrator.ask("POST", path, credit_of(51), with_key("order-1")).status == 422);
    BOOST_TEST(administrator.ask("POST", path, credit_of(50, "gift"), with_key("order-1")).status == 422);
    BOOST_TEST(administrator.settled_time(ann) == 150);
    BOOST_TEST(administrator.ask("POST", path, credit_of(50), with_key("order-2")).body["after"] == 200);
}

BOOST_AUTO_TEST_CASE(two_clients_may_choose_the_same_key) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 0}
    });
    const auto made = administrator.ask("POST", "/api_token/",
                                        {
                                            {"name",   "billing"             },
                                            {"scopes", Json::array({"write"})}
    });
    const auto billing = made.body["token"].get<std::string>();
    const auto path = path_of(ann, "credit/");
    administrator.ask("POST", path, credit_of(10), with_key("1"));
    administrator.ask_with_token(billing, "POST", path, credit_of(10), with_key("1"));
    administrator.ask_with_token(billing, "POST", path, credit_of(10), with_key("1"));
    BOOST_TEST(administrator.settled_time(ann) == 20);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_credited_is_refused_with_a_sentence) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    const auto free = administrator.add_user("free", {
                                                         {"user_time", nullptr}
    });
    const auto path = path_of(ann, "credit/");
    const auto below_zero = administrator.ask("POST", path, credit_of(-101));
    BOOST_TEST(below_zero.status == 400);
    BOOST_TEST(below_zero.body["seconds"][0] == "The balance would fall below zero.");
    const auto not_metered = administrator.ask("POST", path_of(free, "credit/"), credit_of(1));
    BOOST_TEST(not_metered.status == 400);
    BOOST_TEST(not_metered.body["seconds"][0] == "The user's time is not metered.");
    BOOST_TEST(administrator.ask("POST", path, Json::object()).body["seconds"][0] ==
               "This field is required.");
    BOOST_TEST(administrator
                   .ask("POST", path,
                        {
                            {"seconds", "many"}
    })
                   .body["seconds"][0] == "A valid integer is required.");
    BOOST_TEST(administrator.ask("POST", path, credit_of(1), with_key("two words")).status == 400);
    BOOST_TEST(administrator.ask("POST", path_of(99, "credit/"), credit_of(1)).status == 404);
    BOOST_TEST(administrator.ask("GET", path_of(99, "ledger/")).status == 404);
    BOOST_TEST(administrator.ask("PUT", path, credit_of(1)).status == 405);
    BOOST_TEST(administrator.ask("GET", path_of(ann, "ledger/?cursor=nonsense")).status == 404);
    BOOST_TEST(administrator.settled_time(ann) == 100);
}

BOOST_AUTO_TEST_CASE(a_confined_token_sees_no_balance_of_others_and_a_reader_changes_none) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    const auto token = [&](const std::string& scope, std::int64_t organization) {
        return administrator
            .ask("POST", "/api_token/",
                 {
                     {"name",          "a"                        },
                     {"scopes",        Json::array({scope})       },
                     {"organizations", Json::array({organization})}
        })
            .body["token"]
            .get<std::string>();
    };
    const auto foreigner = token("write", 2);
    BOOST_TEST(
        administrator.ask_with_token(foreigner, "POST", path_of(ann, "credit/"), credit_of(1)).status == 404);
    BOOST_TEST(administrator.ask_with_token(foreigner, "GET", path_of(ann, "credit/")).status == 404);
    BOOST_TEST(administrator.ask_with_token(foreigner, "GET", path_of(ann, "ledger/")).status == 404);
    const auto reader = token("read", 1);
    BOOST_TEST(administrator.ask_with_token(reader, "POST", path_of(ann, "credit/"), credit_of(1)).status ==
               403);
    BOOST_TEST(administrator.ask_with_token(reader, "GET", path_of(ann, "ledger/")).status == 200);
    BOOST_TEST(administrator.settled_time(ann) == 100);
}

BOOST_AUTO_TEST_CASE(the_ledger_proves_the_balance_page_by_page) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 1000}
    });
    report(daemon, "s1", "Acct-Status-Type=Start");
    report(daemon, "s1", "Acct-Status-Type=Interim-Update,Acct-Session-Time=60");
    administrator.ask("POST", path_of(ann, "credit/"), credit_of(500));
    report(daemon, "s1", "Acct-Status-Type=Stop,Acct-Session-Time=90");
    report(daemon, "s2", "Acct-Status-Type=Interim-Update,Acct-Session-Time=30");
    administrator.ask("POST", path_of(ann, "credit/"), credit_of(-200, "mistake"));
    administrator.change_user(ann, {
                                       {"user_time", 700}
    });

    const auto ledger = ledger_of(administrator, ann);
    BOOST_TEST(ledger["credited"] == 820);
    BOOST_TEST(ledger["consumed"] == 120);
    BOOST_TEST(ledger["balance"] == 700);
    BOOST_TEST(ledger["next"].is_null());
    BOOST_TEST(ledger["results"].size() == 6U);
    BOOST_TEST(sum_of(ledger["results"]) == 700);

    std::set<std::string> ids;
    std::int64_t sum = 0;
    std::string path = path_of(ann, "ledger/?limit=1");
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = administrator.ask("GET", path).body;
        BOOST_TEST(page["results"].size() == 1U);
        BOOST_TEST(ids.insert(page["results"][0]["id"].get<std::string>()).second);
        sum += sum_of(page["results"]);
        if (page["next"].is_null()) break;
        const auto link = page["next"].get<std::string>();
        path = link.substr(link.find("/api/v1") + 7);
    }
    BOOST_TEST(ids == (std::set<std::string>{"c1", "c2", "c3", "c4", "s1", "s2"}),
               boost::test_tools::per_element());
    BOOST_TEST(sum == 700);

    const auto credits = administrator.ask("GET", path_of(ann, "credit/?limit=2")).body;
    BOOST_TEST(credits["count"] == 4);
    BOOST_TEST(credits["results"][0]["reason"] == "set");
    BOOST_TEST(credits["results"][1]["reason"] == "mistake");
}

BOOST_AUTO_TEST_CASE(the_charge_of_a_session_is_one_entry_that_grows) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    const auto charge = [&] {
        const auto ledger = ledger_of(administrator, ann);
        for (const auto& entry : ledger["results"])
            if (entry["kind"] == "charge") return entry;
        return Json();
    };
    report(daemon, "s1", "Acct-Status-Type=Interim-Update,Acct-Session-Time=60");
    const auto running = charge();
    BOOST_TEST(running["seconds"] == -60);
    BOOST_TEST(running["is_running"] == true);
    BOOST_TEST(running["source"] == "nas id:lab (session s1)");
    report(daemon, "s1", "Acct-Status-Type=Stop,Acct-Session-Time=130");
    const auto closed = charge();
    BOOST_TEST(closed["id"] == running["id"]);
    BOOST_TEST(closed["seconds"] == -100);
    BOOST_TEST(closed["uncovered"] == 30);
    BOOST_TEST(closed["is_running"] == false);
    BOOST_TEST(ledger_of(administrator, ann)["balance"] == 0);
}

BOOST_AUTO_TEST_CASE(the_tool_credits_and_shows_the_ledger) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 0}
    });
    const auto tool = [&](const Arguments& arguments) {
        return run_tool(daemon, daemon.api_url(), arguments);
    };
    const auto credited = tool({"credit", "ann", "+1h30m", "--reason", "paid in cash"});
    BOOST_TEST(credited.exit_status == 0, credited.errors);
    BOOST_TEST(credited.output == "ann: +1h 30m, 0s before, 1h 30m now.\n");
    BOOST_TEST(tool({"credit", "ann", "-30m"}).exit_status == 0);
    BOOST_TEST(administrator.settled_time(ann) == 3600);
    const auto refused = tool({"credit", "ann", "-2h"});
    BOOST_TEST(refused.exit_status == 1);
    BOOST_TEST(refused.errors == "hourglass: seconds: The balance would fall below zero.\n");
    BOOST_TEST(tool({"credit", "ann", "much"}).exit_status == 2);

    BOOST_TEST(tool({"credit", "ann", "60", "--key", "order-1"}).exit_status == 0);
    BOOST_TEST(tool({"credit", "ann", "60", "--key", "order-1"}).exit_status == 0);
    BOOST_TEST(administrator.settled_time(ann) == 3660);

    const auto ledger = tool({"ledger", "ann"});
    BOOST_TEST(ledger.output.find("paid in cash") != std::string::npos);
    BOOST_TEST(ledger.output.find("credited 1h 1m, consumed 0s, left 1h 1m\n") != std::string::npos);
    const auto json = Json::parse(tool({"ledger", "ann", "--limit", "2", "--json"}).output);
    BOOST_TEST(json["results"].size() == 2U);
    BOOST_TEST(json["balance"] == 3660);
}

BOOST_AUTO_TEST_CASE(the_tool_repeats_a_credit_whose_answer_was_lost_and_it_counts_once) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 0}
    });
    const LosingProxy proxy(daemon);
    const auto credited = run_tool(daemon, proxy.url(), {"credit", "ann", "+1h"});
    BOOST_TEST(credited.exit_status == 0, credited.errors);
    BOOST_TEST(administrator.settled_time(ann) == 3600);
    BOOST_TEST(administrator.ask("GET", path_of(ann, "credit/")).body["count"] == 2);
}

BOOST_AUTO_TEST_SUITE_END()

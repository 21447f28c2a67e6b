// Which NAS is let in, with which secret, and what is seen of those who ask.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <thread>

using namespace hourglass::test;

namespace {

constexpr auto good_secret = "a-good-secret";
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::milliseconds poll_interval{50};

bool comes_true(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(poll_interval);
    }
    return true;
}

// Who answers a Status-Server from that address: true with that secret.
bool is_served(const Daemon& daemon, const std::string& address, const std::string& secret) {
    Nas nas(daemon.ports().auth, address, secret);
    nas.send(nas.status_server());
    return nas.receive(silence_time).has_value();
}

std::string path_of(const Json& nas) {
    return "/nas/" + nas["id"].dump() + "/";
}

Json add_nas(const Administrator& administrator, const std::string& name, const std::string& address,
             const std::string& secret = good_secret) {
    const auto made = administrator.ask("POST", "/nas/",
                                        {
                                            {"name",    name   },
                                            {"address", address},
                                            {"secret",  secret }
    });
    BOOST_TEST_REQUIRE(made.status == 201, made.body.dump());
    return made.body;
}

Json sources(const Administrator& administrator, const std::string& query) {
    return administrator.ask("GET", "/nas/seen/?" + query).body["results"];
}

RadclientAnswer login_from(const Daemon& daemon, const std::string& address, const std::string& more = {}) {
    return radclient(daemon, "auth",
                     "Packet-Src-IP-Address=" + address + ",User-Name=ann,User-Password=hello" + more,
                     {.secret = good_secret, .timeout_s = 1});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nases)

BOOST_AUTO_TEST_CASE(the_longest_prefix_wins_across_settings_and_api) {
    const Daemon daemon({.more = R"(
        [[radius.client]]
        name = "hall"
        address = "127.0.2.0/24"
        secret = "hall-secret-of-settings"
    )"});
    const Administrator administrator(daemon);
    const auto wide = add_nas(administrator, "wide", "127.0.0.0/8", "secret-of-wide");
    const auto host = add_nas(administrator, "host", "127.0.2.9", "secret-of-host");

    BOOST_TEST(is_served(daemon, "127.0.9.9", "secret-of-wide"));
    BOOST_TEST(is_served(daemon, "127.0.2.1", "hall-secret-of-settings"));
    BOOST_TEST(is_served(daemon, "127.0.2.9", "secret-of-host"));
    BOOST_TEST(!is_served(daemon, "127.0.2.9", "hall-secret-of-settings"));
    BOOST_TEST(is_served(daemon, "127.0.0.1", nas_secret));

    administrator.ask("PATCH", path_of(host),
                      {
                          {"address", "127.0.9.9"}
    });
    BOOST_TEST(is_served(daemon, "127.0.2.9", "hall-secret-of-settings"));
    BOOST_TEST(is_served(daemon, "127.0.9.9", "secret-of-host"));
    administrator.ask("DELETE", path_of(host));
    BOOST_TEST(is_served(daemon, "127.0.9.9", "secret-of-wide"));
    administrator.ask("DELETE", path_of(wide));
    BOOST_TEST(!is_served(daemon, "127.0.9.9", "secret-of-wide"));
}

BOOST_AUTO_TEST_CASE(what_comes_from_behind_a_prefix_is_counted_for_the_nas_and_for_each_address) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time", 3600}
    });
    const auto path = path_of(add_nas(administrator, "floor", "127.0.1.0/24"));
    const auto unseen = administrator.ask("GET", path).body;
    BOOST_TEST(unseen["first_seen"].is_null());
    BOOST_TEST(unseen["traffic"]["access_requests"] == 0);

    BOOST_TEST(login_from(daemon, "127.0.1.1", ",NAS-Identifier=one,Event-Timestamp=1700000000").packet ==
               "Access-Accept");
    BOOST_TEST(login_from(daemon, "127.0.1.2", ",Mikrotik-Rate-Limit=1M").packet == "Access-Accept");
    radclient(daemon, "auth", "Packet-Src-IP-Address=127.0.1.2,User-Name=nobody,User-Password=x",
              {.secret = good_secret});
    Nas reporting(daemon.ports().acct, "127.0.1.2", good_secret);  // from one port: of one worker
    for (const std::uint32_t seconds : {300U, 600U})
        reporting.ask(reporting.report(hourglass::nas::AcctStatus::interim_update, "ann", "s", seconds),
                      answer_time_limit);

    const auto nas = administrator.ask("GET", path).body;
    BOOST_TEST(nas["traffic"]["access_requests"] == 3);
    BOOST_TEST(nas["traffic"]["accounting_requests"] == 2);
    BOOST_TEST(nas["traffic"]["access_accepts"] == 2);
    BOOST_TEST(nas["traffic"]["access_rejects"] == 1);
    BOOST_TEST(nas["traffic"]["drops"].empty());
    BOOST_TEST(nas["last_seen"].is_string());
    BOOST_TEST(nas["seen"].dump().find("sends_event_timestamp") != std::string::npos);

    const auto seen = sources(administrator, "address=127.0.1.0/24");
    BOOST_TEST_REQUIRE(seen.size() == 2U);
    const auto& one = seen[seen[0]["address"] == "127.0.1.1" ? 0 : 1];
    const auto& two = seen[seen[0]["address"] == "127.0.1.1" ? 1 : 0];
    BOOST_TEST(one["nas"] == "floor");
    BOOST_TEST(one["access_point"] == nas["id"]);
    BOOST_TEST(one["nas_identifier"] == "one");
    BOOST_TEST(one["seen"].dump() == R"(["sends_event_timestamp"])");
    BOOST_TEST(two["vendors"].dump() == "[14988]");
    BOOST_TEST(two["interim_interval"] == 300);
    BOOST_TEST(two["traffic"]["access_requests"] == 2);
}

BOOST_AUTO_TEST_CASE(a_nas_that_is_not_let_in_is_found_among_the_unknown_with_the_reason) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(!is_served(daemon, "127.0.0.77", good_secret));
    auto unknown = sources(administrator, "known=false");
    BOOST_TEST_REQUIRE(unknown.size() == 1U);
    BOOST_TEST(unknown[0]["address"] == "127.0.0.77");
    BOOST_TEST(unknown[0]["nas"].is_null());
    BOOST_TEST(unknown[0]["last_authentic"].is_null());
    BOOST_TEST(unknown[0]["traffic"]["drops"].dump() == R"({"unknown_client":3})");

    const auto path = path_of(add_nas(administrator, "lobby", "127.0.0.77"));
    BOOST_TEST(!is_served(daemon, "127.0.0.77", "a-wrong-secret"));
    unknown = sources(administrator, "known=false");
    BOOST_TEST(unknown[0]["nas"] == "lobby");
    BOOST_TEST(unknown[0]["traffic"]["drops"]["bad_message_authenticator"] == 1);
    const auto nas = administrator.ask("GET", path).body;
    BOOST_TEST(nas["last_seen"].is_null());
    BOOST_TEST(nas["traffic"]["drops"]["bad_message_authenticator"] == 1);

    BOOST_TEST(is_served(daemon, "127.0.0.77", good_secret));
    BOOST_TEST(sources(administrator, "known=false").empty());
    const auto known = sources(administrator, "known=true&address=127.0.0.77");
    BOOST_TEST_REQUIRE(known.size() == 1U);
    BOOST_TEST(known[0]["traffic"]["drops"]["unknown_client"] == 3);
    BOOST_TEST(known[0]["last_authentic"].is_string());
}

BOOST_AUTO_TEST_CASE(nases_of_the_settings_are_seen_too_over_both_families) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    radclient(daemon, "status", "Message-Authenticator=0");
    radclient(daemon, "status", "Message-Authenticator=0", {.server = "[::1]"});
    const auto seen = sources(administrator, "known=true");
    BOOST_TEST_REQUIRE(seen.size() == 2U);
    const auto six = sources(administrator, "address=::1");
    BOOST_TEST_REQUIRE(six.size() == 1U);
    BOOST_TEST(six[0]["nas"] == "lab6");
    BOOST_TEST(six[0]["access_point"].is_null());
    BOOST_TEST(administrator.ask("GET", "/nas/seen/?address=nonsense").status == 400);
}

BOOST_AUTO_TEST_CASE(what_was_seen_survives_the_end_of_a_daemon_and_is_told_by_another) {
    Daemon first;
    Daemon second;
    second.share_redis_of(first);
    const Administrator administrator(first);
    const auto path = path_of(add_nas(administrator, "lobby", "127.0.0.9"));
    BOOST_TEST(comes_true([&] { return is_served(second, "127.0.0.9", good_secret); }));
    BOOST_TEST((second.stop() == 0));
    const auto at_second = administrator.ask("GET", path).body["traffic"];
    BOOST_TEST(at_second["status_requests"] == 1);

    BOOST_TEST(is_served(first, "127.0.0.9", good_secret));
    first.stop();
    first.start();
    const auto nas = administrator.ask("GET", path).body;
    BOOST_TEST(nas["traffic"]["status_requests"] == 2);
    BOOST_TEST(nas["last_seen"].is_string());
}

BOOST_AUTO_TEST_CASE(a_nas_that_once_signed_its_requests_is_held_to_that_by_all_daemons_and_after_a_restart) {
    Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time", 3600}
    });
    add_nas(administrator, "lobby", "127.0.0.9");
    BOOST_TEST(login_from(daemon, "127.0.0.9").packet == "Access-Accept");
    BOOST_TEST(login_from(daemon, "127.0.0.9", ",Message-Authenticator=0").packet == "Access-Accept");
    BOOST_TEST(comes_true([&] { return login_from(daemon, "127.0.0.9").packet.empty(); }));
    BOOST_TEST(login_from(daemon, "127.0.0.9", ",Message-Authenticator=0").packet == "Access-Accept");

    daemon.stop();
    daemon.start();
    BOOST_TEST(login_from(daemon, "127.0.0.9").packet.empty());
    Daemon other;
    other.share_redis_of(daemon);
    BOOST_TEST(login_from(other, "127.0.0.9").packet.empty());
    BOOST_TEST(login_from(other, "127.0.0.9", ",Message-Authenticator=0").packet == "Access-Accept");
}

BOOST_AUTO_TEST_CASE(weak_secrets_of_the_settings_are_warned_of_and_told_by_nobody) {
    const Daemon daemon({.more = R"(
        [[radius.client]]
        name = "attic"
        address = "192.0.2.30"
        secret = "elevenchars"
        [[radius.client]]
        name = "cellar"
        address = "192.0.2.31"
        secret = "twelve-chars"
    )"});
    const auto checked = run({HOURGLASSD, "--config", daemon.settings_file(), "--check"});
    BOOST_TEST(checked.exit_status == 0);
    for (const auto& text : {checked.errors, daemon.log()}) {
        BOOST_TEST(text.find("The secret of \"attic\" has fewer than 12 octets") != std::string::npos, text);
        BOOST_TEST(text.find("cellar") == std::string::npos);
        BOOST_TEST(text.find("elevenchars") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()

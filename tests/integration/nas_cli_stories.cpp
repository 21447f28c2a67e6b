// hourglass nas against a running daemon.
#include "tests/integration/shell.hpp"

using namespace hourglass::test;

namespace {

bool is_served(const Daemon& daemon, const std::string& secret) {
    Nas nas(daemon.ports().auth, "127.0.0.9", secret);
    nas.send(nas.status_server());
    return nas.receive(silence_time).has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nas_cli)

BOOST_AUTO_TEST_CASE(a_nas_is_added_with_a_strong_secret_that_is_shown_once) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto made = hourglass.json({"nas", "add", "lobby", "127.0.0.9"});
    const auto secret = made["secret"].get<std::string>();
    BOOST_TEST(secret.size() == 32U);
    BOOST_TEST(is_served(daemon, secret));
    for (const Arguments& command : {
             Arguments{"nas", "list"},
             {"nas", "show", "lobby"},
             {"nas", "edit", "lobby", "--coa-port", "1700"}
    }) {
        const auto shown = hourglass(command);
        BOOST_TEST(shown.exit_status == ok, shown.errors);
        BOOST_TEST(contains(shown.output, "lobby"));
        BOOST_TEST(!contains(shown.output, secret));
    }
    BOOST_TEST(!contains(daemon.log(), secret));

    const auto renewed =
        hourglass.json({"nas", "edit", "lobby", "--new-secret"})["secret"].get<std::string>();
    BOOST_TEST(renewed != secret);
    BOOST_TEST(!is_served(daemon, secret));
    BOOST_TEST(is_served(daemon, renewed));
}

BOOST_AUTO_TEST_CASE(a_weak_secret_is_taken_and_warned_of) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto weak = hourglass({"nas", "add", "lobby", "127.0.0.9", "--secret-stdin"}, "sesame\n");
    BOOST_TEST(weak.exit_status == ok);
    BOOST_TEST(weak.errors ==
               "hourglass: The secret has fewer than 12 octets: it can be guessed from a captured packet.\n");
    BOOST_TEST(!contains(weak.output, "sesame"));
    BOOST_TEST(is_served(daemon, "sesame"));
    const auto strong = hourglass({"nas", "edit", "lobby", "--secret", "open sesame, please"});
    BOOST_TEST(strong.exit_status == ok);
    BOOST_TEST(strong.errors.empty());
    BOOST_TEST(hourglass({"nas", "add", "hall", "127.0.0.8", "--secret-stdin"}).errors ==
               "hourglass: Standard input holds no secret.\n");
}

BOOST_AUTO_TEST_CASE(fields_are_set_by_name_and_by_id) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto made =
        hourglass.json({"nas", "add", "lobby", "192.0.2.0/24", "--require-message-authenticator", "true",
                        "--limit-proxy-state", "false", "--coa", "disconnect", "--organization", "7",
                        "--clamp-to-wall-clock", "true"});
    BOOST_TEST(made["require_message_authenticator"] == true);
    BOOST_TEST(made["limit_proxy_state"] == false);
    BOOST_TEST(made["coa"] == Json::array({"disconnect"}));
    BOOST_TEST(made["organization"] == 7);
    BOOST_TEST(made["clamp_to_wall_clock"] == true);

    const auto id = "id:" + made["id"].dump();
    const auto edited =
        hourglass.json({"nas", "edit", id, "--name", "hall", "--address", "192.0.2.7", "--coa", "none",
                        "--organization", "", "--require-message-authenticator", "auto"});
    BOOST_TEST(edited["name"] == "hall");
    BOOST_TEST(edited["address"] == "192.0.2.7");
    BOOST_TEST(edited["coa"].empty());
    BOOST_TEST(edited["organization"].is_null());
    BOOST_TEST(edited["require_message_authenticator"] == "auto");
    BOOST_TEST(edited["limit_proxy_state"] == false);

    BOOST_TEST(hourglass({"nas", "edit", "hall"}).exit_status == usage);
    BOOST_TEST(hourglass({"nas", "edit", "hall", "--coa", "both"}).exit_status == usage);
    BOOST_TEST(
        hourglass({"nas", "add", "other", "192.0.2.7/24"}).errors ==
        "hourglass: address: The address has bits set beyond the prefix: did you mean 192.0.2.0/24?\n");
    BOOST_TEST(hourglass({"nas", "show", "nobody"}).errors == "hourglass: There is no NAS \"nobody\".\n");
}

BOOST_AUTO_TEST_CASE(removing_asks_and_without_a_terminal_needs_yes) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto secret = hourglass.json({"nas", "add", "lobby", "127.0.0.9"})["secret"].get<std::string>();
    BOOST_TEST(hourglass({"nas", "remove", "lobby"}, "y\n").exit_status == usage);
    BOOST_TEST(is_served(daemon, secret));
    BOOST_TEST(hourglass({"nas", "remove", "lobby", "--yes"}).output == "Removed NAS \"lobby\".\n");
    BOOST_TEST(!is_served(daemon, secret));
    BOOST_TEST(hourglass.json({"nas", "list"}).empty());
}

BOOST_AUTO_TEST_CASE(who_asks_is_listed_known_or_not) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    BOOST_TEST(!is_served(daemon, "whatever it is"));
    radclient(daemon, "status", "Message-Authenticator=0");
    BOOST_TEST(hourglass.json({"nas", "seen"}).size() == 2U);
    BOOST_TEST(hourglass.json({"nas", "seen", "--limit", "1"}).size() == 1U);
    BOOST_TEST(hourglass.json({"nas", "seen", "--address", "127.0.0.1"})[0]["nas"] == "lab");
    const auto unknown = hourglass({"nas", "seen", "--unknown"});
    BOOST_TEST(contains(unknown.output, "127.0.0.9"));
    BOOST_TEST(contains(unknown.output, "1 unknown_client"));
    BOOST_TEST(!contains(unknown.output, "127.0.0.1 "));
}

BOOST_AUTO_TEST_SUITE_END()

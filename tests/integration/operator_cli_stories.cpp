// What the operator asks of the daemon itself: status and check; and his organizations and what more is known
// of users.
#include "tests/integration/shell.hpp"

using namespace hourglass::test;

namespace {

// The findings of one subject.
Json findings_of(const Json& findings, const std::string& subject) {
    auto found = Json::array();
    for (const auto& finding : findings)
        if (finding["subject"] == subject) found.push_back(finding);
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(operator_cli)

BOOST_AUTO_TEST_CASE(the_status_is_one_screen_of_what_runs_and_what_is_wrong) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    radclient(daemon, "auth", "User-Name=nobody,User-Password=x");
    const auto status = hourglass.json({"status"});
    BOOST_TEST(status["rejects"]["unknown_user"] == 1);
    BOOST_TEST(status["condition"]["redis"]["role"] == "master");
    BOOST_TEST(status["condition"]["sessions"]["running"] == 0);
    BOOST_TEST(status["rates"].contains("radius_requests"));

    const auto screen = hourglass({"status"});
    BOOST_TEST(screen.exit_status == ok);
    for (const auto* const part :
         {"unknown_user 1 since the start", "answers in", "journal", "free of", "uptime"})
        BOOST_TEST(contains(screen.output, part), screen.output);
    BOOST_TEST(contains(screen.output, "No NAS of another machine can reach that."));
    BOOST_TEST(!contains(screen.output, "\x1b"));
    BOOST_TEST(hourglass({"status", "--watch"}).exit_status == usage);
}

BOOST_AUTO_TEST_CASE(without_a_token_the_status_says_what_anybody_may_know) {
    const Daemon daemon;
    const auto bare = run({HOURGLASS, "--url", daemon.api_url(), "status"});
    BOOST_TEST(bare.exit_status == ok, bare.errors);
    BOOST_TEST(contains(bare.output, "ready"));
    BOOST_TEST(contains(bare.output, "There is no API token."));
}

BOOST_AUTO_TEST_CASE(a_sound_daemon_passes_the_check_and_strictly_its_warnings_count) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto findings = hourglass.json({"check"});
    for (const auto* const subject : {"daemon", "token", "settings", "redis", "journal", "sessions"}) {
        const auto found = findings_of(findings, subject);
        BOOST_TEST_REQUIRE(!found.empty());
        BOOST_TEST(found[0]["level"] == "ok");
    }
    BOOST_TEST(findings_of(findings, "ports")[0]["level"] == "warn");  // the tests' daemon is on loopback
    BOOST_TEST(hourglass({"check", "--strict"}).exit_status == refused);
    const auto quiet = hourglass({"check", "--quiet"});
    BOOST_TEST(contains(quiet.output, "warn  ports"));
    BOOST_TEST(!contains(quiet.output, "ok  "));
}

BOOST_AUTO_TEST_CASE(a_settings_file_that_was_broken_meanwhile_fails_the_check) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    run({"bash", "-c", "echo 'nonsense = 1' >>" + daemon.settings_file().string()});
    const auto broken = hourglass({"check"});
    BOOST_TEST(broken.exit_status == refused);
    BOOST_TEST(contains(broken.output, "fail  settings"));
    BOOST_TEST(contains(broken.output, "hourglassd --check"));
}

BOOST_AUTO_TEST_CASE(a_stranger_and_a_wrong_secret_are_found) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    BOOST_TEST(hourglass({"nas", "add", "lobby", "127.0.0.8"}).exit_status == ok);
    for (const auto* const address : {"127.0.0.9", "127.0.0.8"}) {
        Nas nas(daemon.ports().auth, address, "whatever it is");
        nas.send(nas.status_server());
        BOOST_TEST(!nas.receive(silence_time).has_value());
    }
    const auto found = findings_of(hourglass.json({"check"}), "nas").dump();
    BOOST_TEST(contains(found, "1 packets from 127.0.0.9, which is no NAS"));
    BOOST_TEST(contains(found, "1 packets from 127.0.0.8 have a wrong secret"));
    BOOST_TEST(contains(found, "has never asked"));
}

BOOST_AUTO_TEST_CASE(where_no_daemon_is_the_check_says_so) {
    const auto nobody = run({HOURGLASS, "--url", "http://127.0.0.1:1", "check"});
    BOOST_TEST(nobody.exit_status == unreachable);
    BOOST_TEST(contains(nobody.errors, "127.0.0.1:1"));
}

BOOST_AUTO_TEST_CASE(organizations_are_described_changed_and_removed) {
    const Daemon daemon;
    const Shell hourglass(daemon);
    const auto made = hourglass.json({"organization", "add", "Harbour Hotel", "--id", "7"});
    BOOST_TEST(made["id"] == 7);
    hourglass.json({"organization", "add", "Annex", "--parent", "7", "--inactive"});
    const auto annex = hourglass.json({"organization", "show", "Annex"});
    BOOST_TEST(annex["parent"] == 7);
    BOOST_TEST(annex["is_active"] == false);
    BOOST_TEST(
        hourglass.json({"organization", "edit", "Annex", "--parent", "", "--active"})["parent"].is_null());
    BOOST_TEST(hourglass.json({"organization", "set", "7", "--name", "Harbour"})["name"] == "Harbour");
    BOOST_TEST(hourglass.json({"organization", "list"}).size() == 2U);
    hourglass.json({"organization", "add", "Annex"});
    const auto either = hourglass({"organization", "show", "Annex"});
    BOOST_TEST(either.exit_status == usage);
    BOOST_TEST(contains(either.errors, "2 organizations are called \"Annex\"."));
    BOOST_TEST(hourglass({"organization", "edit", "7"}).exit_status == usage);
    BOOST_TEST(hourglass({"organization", "remove", "7"}).exit_status == usage);
    BOOST_TEST(hourglass({"organization", "remove", "7", "--yes"}).output ==
               "Removed organization \"Harbour\".\n");
    BOOST_TEST(hourglass({"organization", "show", "7"}).errors ==
               "hourglass: There is no organization with the id 7.\n");
}

BOOST_AUTO_TEST_CASE(what_more_is_known_of_a_user_is_noted_shown_and_forgotten) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann");
    const Shell hourglass(daemon);
    const auto nothing = hourglass({"extra", "show", "ann"});
    BOOST_TEST(nothing.exit_status == refused);
    BOOST_TEST(contains(nothing.errors, "hourglass extra set ann"));
    BOOST_TEST(hourglass.json({"extra", "set", "ann", "--city", "Turin", "--age", "33"})["age"] == 33);
    const auto more = hourglass.json({"extra", "set", "ann", "--tax-id", "T1", "--accept-terms", "true"});
    BOOST_TEST(more["city"] == "Turin");
    BOOST_TEST(more["accept_terms"] == true);
    BOOST_TEST(hourglass.json({"extra", "list", "--organization", "1"}).size() == 1U);
    BOOST_TEST(hourglass.json({"extra", "unset", "ann", "tax-id", "age"})["tax_id"].is_null());
    const auto shown = hourglass({"extra", "show", "ann", "--devices"});
    BOOST_TEST(contains(shown.output, "Turin"));
    BOOST_TEST(!contains(shown.output, "passport_number"));
    BOOST_TEST(hourglass({"extra", "unset", "ann", "shoe-size"}).exit_status == usage);
    BOOST_TEST(hourglass({"extra", "remove", "ann", "--yes"}).exit_status == ok);
    BOOST_TEST(hourglass.json({"extra", "list"}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

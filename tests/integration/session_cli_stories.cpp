// hourglass session against a running daemon and a NAS that answers.
#include "tests/integration/listening_nas.hpp"
#include "tests/integration/shell.hpp"

#include <future>

using namespace hourglass::test;
using hourglass::nas::AcctStatus;
using hourglass::nas::ErrorCause;

namespace {

constexpr std::chrono::milliseconds soon{20'000};

// "ann" and "bob" at a NAS that takes Disconnect-Requests.
struct Story {
    Story() {
        for (const auto* const name : {"ann", "bob"})
            administrator.add_user(name, {
                                             {"user_time", 3600}
            });
    }

    void start(const std::string& user, const std::string& session) {
        BOOST_TEST_REQUIRE(nas.report(daemon, AcctStatus::start, user, session));
    }
    std::string id_of(const std::string& session) const {
        for (const auto& each : hourglass.json({"session", "list", "--state", "all"}))
            if (each["session_id"] == session) return each["radacctid"].dump();
        return {};
    }
    // What the tool says while the NAS answers so many requests.
    Finished disconnect(Arguments arguments, std::optional<ErrorCause> refusal = {}, int requests = 1) {
        auto said = std::async(std::launch::async, [&] {
            arguments.insert(arguments.begin(), {"session", "disconnect"});
            return hourglass(arguments);
        });
        for (int i = 0; i < requests; ++i) {
            const auto request = nas.hear(soon);
            BOOST_TEST_REQUIRE(request.has_value());
            BOOST_TEST(is_disconnect(*request));
            nas.answer(*request, refusal);
        }
        return said.get();
    }

    ListeningNas nas{"127.79.0.1"};
    Daemon daemon{{.more = nas.settings()}};
    Administrator administrator{daemon};
    Shell hourglass{daemon};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(session_cli)

BOOST_AUTO_TEST_CASE(sessions_are_listed_by_who_where_and_whether_they_run) {
    Story story;
    story.start("ann", "s1");
    story.start("bob", "s2");
    BOOST_TEST(story.nas.report(story.daemon, AcctStatus::stop, "bob", "s2", 60));
    const auto& hourglass = story.hourglass;
    const auto running = hourglass.json({"session", "list"});
    BOOST_TEST_REQUIRE(running.size() == 1U);
    BOOST_TEST(running[0]["username"] == "ann");
    BOOST_TEST(hourglass.json({"session", "list", "--state", "ended"})[0]["username"] == "bob");
    BOOST_TEST(hourglass.json({"session", "list", "--state", "all", "--sort", "duration"})[0]["username"] ==
               "bob");
    BOOST_TEST(hourglass.json({"session", "list", "--user", "bob"}).empty());
    BOOST_TEST(hourglass.json({"session", "list", "--nas", "nas-127.79.0.1"}).size() == 1U);
    BOOST_TEST(hourglass.json({"session", "list", "--state", "all", "--since", "2999-01-01"}).empty());
    BOOST_TEST(hourglass({"session", "list", "--user", "nobody"}).exit_status == refused);

    const auto table = hourglass({"session", "list", "--state", "all", "--limit", "1"});
    BOOST_TEST(contains(table.output, "nas-127.79.0.1"));
    BOOST_TEST(table.errors == "hourglass: The newest 1 of 2 sessions; --limit N or --all shows more.\n");
    const auto shown = hourglass({"session", "show", story.id_of("s1")});
    BOOST_TEST(contains(shown.output, "session_id"));
    BOOST_TEST(hourglass({"session", "show", "9999999"}).errors ==
               "hourglass: There is no session with the id 9999999.\n");
}

BOOST_AUTO_TEST_CASE(what_the_nas_says_to_a_disconnect_is_told_and_is_the_exit_status) {
    Story story;
    story.start("ann", "s1");
    const auto id = story.id_of("s1");
    const auto refusal = story.disconnect({id}, ErrorCause::administratively_prohibited);
    BOOST_TEST(refusal.exit_status == refused);
    BOOST_TEST(refusal.output == "Session " + id +
                                     " of ann at nas-127.79.0.1: refused (Disconnect-NAK, Error-Cause 501 "
                                     "Administratively Prohibited).\n");
    const auto promise = story.disconnect({"--user", "ann"});
    BOOST_TEST(promise.exit_status == ok, promise.errors);
    BOOST_TEST(contains(promise.output, "acknowledged (Disconnect-ACK)"));

    BOOST_TEST(story.nas.report(story.daemon, AcctStatus::stop, "ann", "s1", 1));
    const auto late = story.hourglass({"session", "disconnect", id});
    BOOST_TEST(late.exit_status == ok, late.errors);
    BOOST_TEST(contains(late.output, ": over."));
    BOOST_TEST(story.hourglass({"session", "disconnect", "--user", "ann"}).output ==
               "There is no such session running.\n");
}

BOOST_AUTO_TEST_CASE(many_sessions_are_ended_only_with_consent) {
    Story story;
    story.start("ann", "s1");
    story.start("bob", "s2");
    BOOST_TEST(story.hourglass({"session", "disconnect"}).exit_status == usage);
    const auto unasked = story.hourglass({"session", "disconnect", "--nas", "nas-127.79.0.1"});
    BOOST_TEST(unasked.exit_status == usage);
    BOOST_TEST(contains(unasked.errors, "--yes"));
    const auto ended = story.disconnect({"--nas", "nas-127.79.0.1", "--yes", "--json"}, {}, 2);
    BOOST_TEST(ended.exit_status == ok, ended.errors);
    BOOST_TEST(Json::parse(ended.output).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_nas_that_says_nothing_is_waited_for_no_longer_than_asked) {
    Story story;
    story.start("ann", "s1");
    const auto silence = story.hourglass({"session", "disconnect", story.id_of("s1"), "--wait", "1"});
    BOOST_TEST(silence.exit_status == refused);
    BOOST_TEST(contains(silence.output, "no answer yet"));
}

BOOST_AUTO_TEST_CASE(who_is_online_is_watched_with_what_is_left) {
    Story story;
    story.start("ann", "s1");
    const auto watched = story.hourglass.json({"session", "watch", "--count", "1"});
    BOOST_TEST(watched["count"] == 1);
    BOOST_TEST(watched["sessions"][0]["time_left"] > 3500);
    const auto lines = story.hourglass({"session", "watch", "--count", "2", "--interval", "1"});
    BOOST_TEST(lines.exit_status == ok);
    BOOST_TEST(lines.output.starts_with("1 session runs\n"));
    BOOST_TEST(contains(lines.output, "TIME LEFT"));
    BOOST_TEST(story.hourglass({"session", "watch", "--limit", "501"}).exit_status == usage);
}

// script(1) gives it a terminal, on which somebody types.
BOOST_AUTO_TEST_CASE(on_a_terminal_a_key_sorts_anew_and_another_ends_the_watch) {
    Story story;
    story.start("ann", "s1");
    const auto seen = run(
        {
            "script", "-qec", std::string(HOURGLASS) + " session watch --interval 60", "/dev/null"
    },
        {.input = "uq",
         .environment = {"HOURGLASS_URL=" + story.daemon.api_url(),
                         "HOURGLASS_TOKEN=" + story.daemon.token()}});
    BOOST_TEST(seen.exit_status == ok);
    BOOST_TEST(contains(seen.output, "sorted by user"));
    BOOST_TEST(contains(seen.output, "ann"));
    BOOST_TEST(contains(seen.output, "\x1b[?1049l"));  // the screen is as it was
}

BOOST_AUTO_TEST_SUITE_END()

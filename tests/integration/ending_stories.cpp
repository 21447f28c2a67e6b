// Sessions end in time: NASes are asked over real UDP, obey or do not, and the account stays right.
#include "tests/integration/listening_nas.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <ctime>
#include <functional>
#include <thread>

using namespace hourglass::test;
using namespace std::chrono_literals;
using hourglass::nas::AcctStatus;
using hourglass::nas::Attribute;
using hourglass::nas::ErrorCause;
using hourglass::nas::Octets;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds poll_interval{50};
constexpr std::chrono::milliseconds at_once{1500};  // what takes a second, on a busy machine
constexpr std::chrono::milliseconds soon{20'000};

double seconds_since(Clock::time_point moment) {
    return std::chrono::duration<double>(Clock::now() - moment).count();
}

// The user "ann" with one session or more at one NAS.
struct Story {
    explicit Story(const Json& user = Json::object(), const std::string& more = {})
        : daemon({.more = nas.settings() + more}), ann(administrator.add_user("ann", user)) {}

    Clock::time_point start(const std::string& session) {
        BOOST_TEST_REQUIRE(nas.report(daemon, AcctStatus::start, "ann", session));
        return Clock::now();
    }
    void stop(const std::string& session, std::uint32_t seconds) {
        BOOST_TEST_REQUIRE(nas.report(daemon, AcctStatus::stop, "ann", session, seconds));
    }
    Octets hear(std::chrono::milliseconds time_limit = soon) {
        const auto request = nas.hear(time_limit);
        BOOST_TEST_REQUIRE(request.has_value());
        return *request;
    }

    Json session(const std::string& session_id) const {
        const auto page = administrator.ask("GET", "/aaa_accounting/").body;
        for (const auto& each : page.at("results"))
            if (each.at("session_id") == session_id) return each;
        return {};
    }
    // What became of the end of a session, once it is `outcome`; or what it is at the end of the time limit.
    Json disconnect_when(const std::string& session_id, const std::string& outcome) const {
        const auto deadline = Clock::now() + soon;
        Json disconnect;
        do {
            disconnect = session(session_id).at("disconnect");
            if (!disconnect.is_null() && disconnect.at("outcome") == outcome) break;
            std::this_thread::sleep_for(poll_interval);
        } while (Clock::now() < deadline);
        BOOST_TEST(!disconnect.is_null());
        BOOST_TEST(disconnect.value("outcome", "") == outcome);
        return disconnect;
    }
    std::string user_path() const { return "/user_token/" + std::to_string(ann) + "/"; }

    ListeningNas nas{"127.78.0.1"};
    Daemon daemon;
    Administrator administrator{daemon};
    std::int64_t ann;
};

std::string to_text(std::chrono::sys_seconds time) {
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

Json balance(std::int64_t seconds) {
    return {
        {"user_time", seconds}
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ending)

BOOST_AUTO_TEST_CASE(two_devices_on_one_balance_end_together_when_it_is_gone) {
    ListeningNas other("127.78.0.2");
    Story story(balance(8), other.settings());
    const auto began = story.start("s1");
    BOOST_TEST_REQUIRE(other.report(story.daemon, AcctStatus::start, "ann", "s2"));

    struct Device {
        ListeningNas& nas;
        std::string session;
    };
    for (const auto& device : {
             Device{story.nas, "s1"},
             Device{other,     "s2"}
    }) {
        const auto request = device.nas.hear(soon);
        BOOST_TEST_REQUIRE(request.has_value());
        const auto lasted = seconds_since(began);
        BOOST_TEST(is_disconnect(*request));
        BOOST_TEST(find_text(*request, Attribute::acct_session_id) == device.session);
        BOOST_TEST(find_text(*request, Attribute::user_name) == "ann");
        BOOST_TEST(lasted > 3.9);
        BOOST_TEST(lasted < 5.6);
        device.nas.answer(*request);
        BOOST_TEST(device.nas.report(story.daemon, AcctStatus::stop, "ann", device.session,
                                     static_cast<std::uint32_t>(lasted)));
    }
    BOOST_TEST(story.administrator.time_left(story.ann) == 0);
    std::int64_t charged = 0;
    for (const auto* session : {"s1", "s2"}) {
        const auto disconnect = story.disconnect_when(session, "confirmed");
        BOOST_TEST(disconnect.at("reason") == "exhausted");
        BOOST_TEST(disconnect.at("by") == "deadline");
        BOOST_TEST(disconnect.at("attempts") == 1);
        charged += story.session(session).at("charged").get<std::int64_t>();
        BOOST_TEST(story.session(session).at("uncovered") <= 1);
    }
    BOOST_TEST(charged == 8);
    const auto statement = story.administrator.ask("GET", story.user_path() + "ledger/").body;
    BOOST_TEST(statement.at("results").size() == 3U);  // the balance, and each session
}

BOOST_AUTO_TEST_CASE(a_nas_that_acknowledges_and_goes_on_is_asked_again_and_the_overrun_is_recorded) {
    Story story(balance(2));
    story.start("s1");
    story.nas.answer(story.hear());
    story.disconnect_when("s1", "acknowledged");
    std::this_thread::sleep_for(3s);
    BOOST_TEST(story.nas.report(story.daemon, AcctStatus::interim_update, "ann", "s1", 8));
    const auto again = story.hear();
    BOOST_TEST(is_disconnect(again));
    story.nas.answer(again);
    BOOST_TEST(story.disconnect_when("s1", "acknowledged").at("attempts") == 2);
    BOOST_TEST(story.administrator.time_left(story.ann) == 0);
    BOOST_TEST(story.session("s1").at("charged") == 2);
    BOOST_TEST(story.session("s1").at("uncovered") == 6);
}

BOOST_AUTO_TEST_CASE(a_nas_that_refuses_is_asked_again_and_its_error_cause_is_shown) {
    Story story(balance(1));
    story.start("s1");
    story.nas.answer(story.hear(), ErrorCause::administratively_prohibited);
    const auto refused = story.disconnect_when("s1", "refused");
    BOOST_TEST(refused.at("error_cause") == 501);
    story.nas.answer(story.hear());
    BOOST_TEST(story.disconnect_when("s1", "acknowledged").at("attempts") == 2);
    story.stop("s1", 9);
    story.disconnect_when("s1", "confirmed");
    BOOST_TEST(story.administrator.time_left(story.ann) == 0);
    BOOST_TEST(story.session("s1").at("uncovered") == 8);
}

BOOST_AUTO_TEST_CASE(a_session_that_its_nas_does_not_know_is_closed_at_the_last_second_reported) {
    Story story(balance(100));
    story.start("s1");
    BOOST_TEST(story.nas.report(story.daemon, AcctStatus::interim_update, "ann", "s1", 1));
    story.administrator.change_user(story.ann, {
                                                   {"is_active", false}
    });
    story.nas.answer(story.hear(), ErrorCause::session_context_not_found);
    const auto deadline = Clock::now() + soon;
    while (story.session("s1").at("session_status") == "active" && Clock::now() < deadline)
        std::this_thread::sleep_for(poll_interval);
    const auto closed = story.session("s1");
    BOOST_TEST(closed.at("session_status") == "completed");
    BOOST_TEST(closed.at("charged") == 1);
    BOOST_TEST(closed.at("disconnect").at("outcome") == "confirmed");
    BOOST_TEST(story.administrator.time_left(story.ann) == 99);
}

// What an administrator does acts within a second.
BOOST_AUTO_TEST_CASE(a_session_ends_at_once_when_its_user_may_stay_no_longer) {
    struct Row {
        const char* reason;
        std::function<void(const Story&)> write;
    };
    const auto change = [](const Json& fields) {
        return [fields](const Story& story) { story.administrator.change_user(story.ann, fields); };
    };
    const std::vector<Row> rows{
        {"inactive",  change({{"is_active", false}})                  },
        {"expired",   change({{"expiration", "2020-01-01T00:00:00Z"}})},
        {"exhausted", change({{"user_time", 0}})                      },
        {"removed",
         [](const Story& story) {
             BOOST_TEST(story.administrator.ask("DELETE", story.user_path() + "?force=true").status == 204);
         }                                                            },
        {"requested",
         [](const Story& story) {
             const auto id = story.session("s1").at("radacctid").get<std::int64_t>();
             const auto asked =
                 story.administrator.ask("POST", "/session/" + std::to_string(id) + "/disconnect/");
             BOOST_TEST(asked.status == 202);
             BOOST_TEST(asked.body.at("outcome") == "requested");
         }                                                            },
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.reason) {
            Story story(balance(1000));
            story.start("s1");
            row.write(story);
            const auto request = story.hear(at_once);
            BOOST_TEST(is_disconnect(request));
            story.nas.answer(request);
            if (row.reason != std::string("removed")) story.stop("s1", 1);
            const auto disconnect = story.disconnect_when("s1", "confirmed");
            BOOST_TEST(disconnect.at("reason") == row.reason);
            const bool is_asked_for = row.reason == std::string("requested");
            BOOST_TEST(
                disconnect.at("by").get<std::string>().starts_with(is_asked_for ? "token" : "deadline"));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_expiration_ends_a_session_when_it_comes) {
    Story story(balance(1000));
    story.start("s1");
    const auto expires = std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now()) + 3s;
    story.administrator.change_user(story.ann, {
                                                   {"expiration", to_text(expires)}
    });
    const auto change = story.hear(at_once);
    BOOST_TEST(is_change(change));
    BOOST_TEST(find_number(change, Attribute::session_timeout).value_or(0) <= 4U);
    story.nas.answer(change);
    const auto request = story.hear();
    const auto late = std::chrono::system_clock::now() - expires;
    BOOST_TEST(is_disconnect(request));
    BOOST_TEST((late >= 0s));
    BOOST_TEST((late < at_once));
    story.nas.answer(request);
    BOOST_TEST(story.disconnect_when("s1", "acknowledged").at("reason") == "expired");
}

BOOST_AUTO_TEST_CASE(a_credit_reaches_a_running_session_as_a_longer_session_timeout) {
    Story story(balance(100));
    story.start("s1");
    const auto credited = story.administrator.ask("POST", story.user_path() + "credit/",
                                                  {
                                                      {"seconds", 600}
    });
    BOOST_TEST(credited.status == 201);
    const auto request = story.hear(at_once);
    BOOST_TEST(is_change(request));
    BOOST_TEST(find_text(request, Attribute::acct_session_id) == "s1");
    const auto timeout = find_number(request, Attribute::session_timeout);
    BOOST_TEST_REQUIRE(timeout.has_value());
    BOOST_TEST(*timeout <= 700U);
    BOOST_TEST(*timeout >= 697U);
    story.nas.answer(request);
    BOOST_TEST(!story.nas.hear(silence_time).has_value());
    BOOST_TEST(story.session("s1").at("disconnect").is_null());
}

BOOST_AUTO_TEST_CASE(a_session_ends_at_once_when_its_organization_or_its_profile_says_so) {
    Story story(balance(1000));
    const auto& administrator = story.administrator;
    administrator.ask("POST", "/organization/",
                      {
                          {"id",   1          },
                          {"name", "the hotel"}
    });
    const auto profile = administrator.ask("POST", "/aaa_profile/",
                                           {
                                               {"name", "guests"}
    });
    BOOST_TEST_REQUIRE(profile.status == 201);
    administrator.change_user(story.ann, {
                                             {"profile", Json::array({"guests"})}
    });
    story.start("s1");
    const auto yesterday = std::chrono::system_clock::now() - std::chrono::days(1);
    constexpr std::array days{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"};
    const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(yesterday));
    administrator.ask("PATCH", "/aaa_profile/" + profile.body.at("id").dump() + "/",
                      {
                          {"login_time", days.at(day.c_encoding())}
    });
    const auto outside = story.hear(at_once);
    BOOST_TEST(is_disconnect(outside));
    story.nas.answer(outside);
    BOOST_TEST(story.disconnect_when("s1", "acknowledged").at("reason") == "outside_login_time");
    story.stop("s1", 1);

    administrator.change_user(story.ann, {
                                             {"profile", Json::array()}
    });
    story.start("s2");
    administrator.ask("PATCH", "/organization/1/",
                      {
                          {"is_active", false}
    });
    const auto inactive = story.hear(at_once);
    BOOST_TEST(find_text(inactive, Attribute::acct_session_id) == "s2");
    story.nas.answer(inactive);
    BOOST_TEST(story.disconnect_when("s2", "acknowledged").at("reason") == "organization_inactive");
}

BOOST_AUTO_TEST_CASE(a_deadline_that_falls_into_a_restart_is_served_once) {
    Story story(balance(2));
    story.start("s1");
    story.daemon.kill();
    std::this_thread::sleep_for(3s);
    BOOST_TEST(!story.nas.hear(1ms).has_value());
    story.daemon.start();
    story.nas.answer(story.hear(5s));
    story.disconnect_when("s1", "acknowledged");
    story.daemon.kill();
    story.daemon.start();
    BOOST_TEST(!story.nas.hear(3s).has_value());
    BOOST_TEST(story.session("s1").at("disconnect").at("attempts") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

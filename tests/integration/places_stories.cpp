// Several sessions of one user: how many there may be, what each gets of the balance, and what comes after
// it.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace hourglass::test;

namespace {

// ann, who has this profile.
class Story {
public:
    explicit Story(Json profile, const Json& user_time = nullptr) {
        profile["name"] = "limits";
        BOOST_TEST_REQUIRE(administrator_.ask("POST", "/aaa_profile/", profile).status == 201);
        ann_ = administrator_.add_user("ann", {
                                                  {"profile",   {"limits"}},
                                                  {"user_time", user_time }
        });
    }

    RadclientAnswer log_in(const std::string& station) const {
        return radclient(
            daemon_, "auth",
            "User-Name=ann,User-Password=hello,NAS-Identifier=lab,Calling-Station-Id=" + station);
    }
    void report(const std::string& status, const std::string& session, const std::string& station) const {
        const auto answer = radclient(daemon_, "acct",
                                      "User-Name=ann,NAS-Identifier=lab,Acct-Session-Id=" + session +
                                          ",Acct-Status-Type=" + status + ",Calling-Station-Id=" + station);
        BOOST_TEST_REQUIRE(answer.packet == "Accounting-Response");
    }
    Json explain(const std::string& station) const {
        return administrator_
            .ask("GET", "/user_token/" + std::to_string(ann_) +
                            "/explain/?NAS-Identifier=lab&Calling-Station-Id=" + station)
            .body;
    }

private:
    Daemon daemon_;
    Administrator administrator_{daemon_};
    std::int64_t ann_{};
};

std::string finding(const Json& explanation, const std::string& check) {
    for (const auto& each : explanation["checks"])
        if (each["check"] == check) return each["finding"];
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(places)

BOOST_AUTO_TEST_CASE(of_two_logins_at_once_one_gets_the_last_place) {
    const Story story({
        {"simultaneous_use", 2}
    });
    BOOST_TEST(story.log_in("phone").packet == "Access-Accept");
    story.report("Start", "s1", "phone");

    std::array<RadclientAnswer, 2> answers;
    std::thread other([&] { answers[0] = story.log_in("laptop"); });
    answers[1] = story.log_in("tablet");
    other.join();
    const auto accepts = std::ranges::count(answers, "Access-Accept", &RadclientAnswer::packet);
    BOOST_TEST(accepts == 1);

    const bool has_laptop = answers[0].packet == "Access-Accept";
    const auto refused = story.explain(has_laptop ? "tablet" : "laptop");
    BOOST_TEST(refused["reason"] == "too_many_sessions");
    BOOST_TEST(finding(refused, "simultaneous_use") == "2 of 2 places are in use by others.");
    BOOST_TEST(story.explain(has_laptop ? "laptop" : "tablet")["decision"] == "accept");
    BOOST_TEST(story.log_in("phone").packet == "Access-Accept");
    BOOST_TEST(
        story.log_in("watch").has("Reply-Message = \"This account is in use as often as it may be.\""));

    story.report("Stop", "s1", "phone");
}

BOOST_AUTO_TEST_CASE(each_session_holds_a_slice_until_it_stops) {
    const Story story(
        {
            {"concurrency",   "reserve"},
            {"slice_seconds", 600      }
    },
        1000);
    BOOST_TEST(story.log_in("phone").has("Session-Timeout = 600"));
    story.report("Start", "s1", "phone");
    BOOST_TEST(story.log_in("laptop").packet == "Access-Accept");
    BOOST_TEST(story.log_in("tablet").packet == "Access-Reject");
    BOOST_TEST(story.explain("tablet")["reason"] == "balance_held");
    story.report("Stop", "s1", "phone");
    BOOST_TEST(story.log_in("tablet").packet == "Access-Accept");
}

BOOST_AUTO_TEST_CASE(who_shares_a_balance_gets_the_time_until_the_common_end) {
    const Story story(
        {
            {"simultaneous_use", 5}
    },
        100'009);
    BOOST_TEST(story.log_in("phone").has("Session-Timeout = 100009"));
    story.report("Start", "s1", "phone");
    BOOST_TEST(story.log_in("laptop").has("Session-Timeout = 500"));
    BOOST_TEST(story.log_in("phone").packet == "Access-Accept");
}

BOOST_AUTO_TEST_CASE(who_has_no_time_left_gets_the_walled_garden) {
    const Story story(
        {
            {"final_action", {{{"attribute", "Filter-Id"}, {"op", ":="}, {"value", "pay"}}}}
    },
        0);
    const auto answer = story.log_in("phone");
    BOOST_TEST(answer.packet == "Access-Accept");
    BOOST_TEST(answer.has("Filter-Id = \"pay\""));
    BOOST_TEST(!answer.has("Session-Timeout"));
    const auto explained = story.explain("phone");
    BOOST_TEST(explained["decision"] == "accept");
    BOOST_TEST(finding(explained, "balance") == "0 s are left: he gets the walled garden.");
}

BOOST_AUTO_TEST_SUITE_END()

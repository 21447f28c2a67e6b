// Which profiles apply to a login, and what becomes of it.
#include "radius/authorization.hpp"
#include "radius/dictionary_builtin.hpp"
#include "radius/packet_writer.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using store::Profile;

constexpr store::Time now{1'800'000'000s};

std::vector<Profile> profiles() {
    Profile lobby{.name = "lobby"};
    lobby.check_attributes = {
        {"Called-Station-SSID", "==", "lobby"          },
        {"NAS-Port-Type",       "==", "Wireless-802.11"}
    };
    lobby.reply_attributes = {
        {"Filter-Id",       ":=", "visitors"},
        {"Session-Timeout", ":=", "600"     }
    };
    lobby.interim_interval = 70s;
    Profile plain{.name = "plain"};
    plain.reply_attributes = {
        {"Filter-Id",             ":=", "others"},
        {"Acct-Interim-Interval", ":=", "80"    },
        {"Session-Timeout",       ":=", "900"   }
    };
    Profile broken{.name = "broken"};
    broken.check_attributes = {
        {"Starlight", "==", "1"}
    };
    broken.reply_attributes = {
        {"Starlight", ":=", "1"}
    };
    Profile garden{.name = "garden"};
    garden.walled_garden = {
        {"Filter-Id",       ":=", "portal"},
        {"Session-Timeout", ":=", "300"   }
    };
    garden.reply_attributes = {
        {"Filter-Id",    ":=", "free"},
        {"Idle-Timeout", ":=", "60"  }
    };
    return {lobby, plain, broken, garden};
}

struct Story {
    Story(const char* names, std::string_view ssid, store::Balance balance = {}) {
        user.is_active = true;
        user.profiles = store::parse_profile_names(names);
        user.account.credited = balance;
        PacketWriter writer(Code::access_request, 1);
        writer.add(attr::called_station_id, "02-00-00-00-00-0A:" + std::string(ssid));
        writer.add(attr::nas_port_type, 19U);
        request = writer.sign_request("secret").value();
    }

    Login login() const {
        return {
            user, now, directory, {decode(request).value(), "lab", {}}
        };
    }
    Decision decide() const { return authorize(login(), Policy{}); }
    // Of the first attribute.
    std::string filter() const {
        const auto grant = std::get<Grant>(decide());
        if (grant.attributes.empty()) return {};
        const auto& value = grant.attributes.front()->encoded.front().value;
        return {value.begin(), value.end()};
    }

    store::LoginUser user;
    Directory directory{profiles(), {}};
    std::vector<std::uint8_t> request;
};

BOOST_AUTO_TEST_SUITE(radius_profile)

BOOST_AUTO_TEST_CASE(a_profile_applies_where_all_its_conditions_hold) {
    struct Row {
        const char* profiles;
        const char* ssid;
        const char* filter;  // nullptr: he is refused
    };
    for (const auto& row : std::to_array<Row>({
             {R"(["lobby"])",           "lobby",  "visitors"},
             {R"(["lobby"])",           "office", nullptr   },
             {R"(["lobby", "plain"])",  "lobby",  "visitors"},
             {R"(["lobby", "plain"])",  "office", "others"  },
             {R"(["plain", "lobby"])",  "lobby",  "others"  },
             {R"(["broken"])",          "lobby",  nullptr   },
             {R"(["broken", "plain"])", "lobby",  "others"  },
             {R"(["a label"])",         "office", ""        },
             {"[]",                     "office", ""        },
    })) {
        const Story story(row.profiles, row.ssid);
        if (row.filter == nullptr)
            BOOST_TEST((story.decide() == Decision(RejectReason::no_profile_applies)), row.profiles);
        else
            BOOST_TEST(story.filter() == row.filter, row.profiles << " at " << row.ssid);
    }
    BOOST_TEST(!reply_message(RejectReason::no_profile_applies).empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_apply_limits_nothing) {
    const auto grant_of = [](const char* ssid) {
        return std::get<Grant>(Story(R"(["lobby", "plain"])", ssid, 7200s).decide());
    };
    BOOST_TEST((grant_of("lobby").session_timeout == 600s));
    BOOST_TEST((grant_of("lobby").interim_interval == 70s));
    BOOST_TEST((grant_of("office").session_timeout == 900s));
    BOOST_TEST((grant_of("office").interim_interval == 80s));
    BOOST_TEST((std::get<Grant>(Story(R"(["plain"])", "x", 5s).decide()).session_timeout == 5s));
}

BOOST_AUTO_TEST_CASE(each_profile_is_explained) {
    const Story story(R"(["lobby", "broken", "plain"])", "office");
    const auto login = story.login();
    std::string findings;
    for (const auto* const profile : login.named)
        findings += show_application(*profile, login.origin) + "\n";
    BOOST_TEST(findings ==
               "lobby does not apply: it wants Called-Station-SSID == lobby, and finds office.\n"
               "broken does not apply: it has a condition that cannot be read.\n"
               "plain applies.\n");
}

BOOST_AUTO_TEST_CASE(mistakes_of_a_stored_profile_are_told_and_the_rest_of_it_is_served) {
    const Directory directory(profiles(), {});
    const auto broken = directory.profiles_with_mistakes();
    BOOST_TEST_REQUIRE(broken.size() == 1U);
    BOOST_TEST(broken[0]->settings.name == "broken");
    BOOST_TEST(broken[0]->mistakes.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_walled_garden_stands_before_what_the_profiles_give) {
    const Story story(R"(["garden"])", "lobby", 0s);
    const auto grant = std::get<Grant>(story.decide());
    BOOST_TEST(grant.is_walled_garden);
    BOOST_TEST(story.filter() == "portal");
    BOOST_TEST(grant.attributes.size() == 2U);
    BOOST_TEST((grant.session_timeout == 300s));
    BOOST_TEST(Story(R"(["garden"])", "lobby", 10s).filter() == "free");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

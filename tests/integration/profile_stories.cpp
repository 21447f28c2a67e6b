// Profiles in force: where they apply, what real radclient sees of them, and what the API says of mistakes.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::test;

namespace {

Json rule(const std::string& attribute, const std::string& op, const std::string& value) {
    return {
        {"attribute", attribute},
        {"op",        op       },
        {"value",     value    }
    };
}

// For radclient.
std::string at_ssid(const std::string& ssid) {
    return ",Called-Station-Id=02-00-00-00-00-0A:" + ssid + ",NAS-Port-Type=Wireless-802.11";
}

struct Desk {
    Daemon daemon;
    Administrator administrator{daemon};

    ApiAnswer add_profile(const std::string& name, Json fields) const {
        fields["name"] = name;
        return administrator.ask("POST", "/aaa_profile/", fields);
    }
    std::int64_t add_user(const std::string& name, const Json& profiles) const {
        return administrator.add_user(name, {
                                                {"user_time", 7200    },
                                                {"profile",   profiles}
        });
    }
    RadclientAnswer login(const std::string& name, const std::string& more = {}) const {
        return radclient(daemon, "auth", "User-Name=" + name + ",User-Password=hello" + more);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(profiles)

BOOST_AUTO_TEST_CASE(a_profile_for_one_ssid_lets_its_user_in_there_and_nowhere_else) {
    const Desk desk;
    desk.add_profile("lobby", {
                                  {"check_attributes", {rule("Called-Station-SSID", "==", "lobby")}},
                                  {"reply_attributes", {rule("Filter-Id", ":=", "visitors")}       }
    });
    desk.add_profile("plain", Json::object());
    desk.add_user("ann", {"lobby", "a label"});
    const auto bob = desk.add_user("bob", {"lobby", "plain"});
    desk.add_user("cid", {"a label"});

    BOOST_TEST(desk.login("ann", at_ssid("lobby")).has("Filter-Id = \"visitors\""));
    const auto refused = desk.login("ann", at_ssid("office"));
    BOOST_TEST(refused.packet == "Access-Reject");
    BOOST_TEST(refused.has("Reply-Message = \"This account may not log in here.\""));
    BOOST_TEST(desk.login("ann").packet == "Access-Reject");

    const auto elsewhere = desk.login("bob", at_ssid("office"));
    BOOST_TEST(elsewhere.packet == "Access-Accept");
    BOOST_TEST(!elsewhere.has("Filter-Id"));
    BOOST_TEST(desk.login("cid", at_ssid("office")).packet == "Access-Accept");

    const auto explained = desk.administrator.ask(
        "GET", "/user_token/" + std::to_string(bob) +
                   "/explain/?nas=127.0.0.1&Called-Station-Id=02-00-00-00-00-0A:office");
    BOOST_TEST(
        explained.body.dump().find("lobby does not apply: it wants Called-Station-SSID == lobby, and finds "
                                   "office. plain applies.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(radclient_sees_vendors_attributes_and_tags) {
    const Desk desk;
    const auto made = desk.add_profile(
        "fast",
        {
            {"reply_attributes",
             {rule("Mikrotik-Rate-Limit", ":=", "10M/2M"), rule("WISPr-Bandwidth-Max-Down", ":=", "10000000"),
              rule("Tunnel-Type:1", ":=", "VLAN"), rule("Tunnel-Medium-Type:1", ":=", "IEEE-802"),
              rule("Tunnel-Private-Group-Id:1", ":=", "42"), rule("Tunnel-Password", ":=", "tunnel secret"),
              rule("Cisco-AVPair", "+=", "ip:dns-servers=192.0.2.53"),
              rule("Cisco-AVPair", "+=", "ip:route=192.0.2.0")}}
    });
    BOOST_TEST_REQUIRE(made.status == 201, made.body.dump());
    desk.add_user("ann", {"fast"});
    const auto answer = desk.login("ann");
    for (const auto* const attribute :
         {"Mikrotik-Rate-Limit = \"10M/2M\"", "WISPr-Bandwidth-Max-Down = 10000000", "Tunnel-Type:1 = VLAN",
          "Tunnel-Medium-Type:1 = IEEE-802", "Tunnel-Private-Group-Id:1 = \"42\"",
          "Tunnel-Password:0 = \"tunnel secret\"", "Cisco-AVPair = \"ip:dns-servers=192.0.2.53\"",
          "Cisco-AVPair = \"ip:route=192.0.2.0\"", "Session-Timeout = 7200"})
        BOOST_TEST(answer.has(attribute), attribute << " is not in " << answer.text);
}

BOOST_AUTO_TEST_CASE(of_several_profiles_the_first_counts_and_limits_are_the_least) {
    const Desk desk;
    desk.add_profile("first", {
                                  {"reply_attributes",
                                   {rule("Filter-Id", "=", "first"), rule("Session-Timeout", ":=", "3600"),
                                    rule("Class", "+=", "silver")}}
    });
    desk.add_profile("second", {
                                   {"interim_interval", 90                                              },
                                   {"reply_attributes",
                                    {rule("Filter-Id", ":=", "second"), rule("Session-Timeout", ":=", "60"),
                                     rule("Idle-Timeout", ":=", "600"), rule("Filter-Id", "+=", "more")}}
    });
    desk.add_user("ann", {"first", "second"});
    const auto answer = desk.login("ann");
    BOOST_TEST(answer.has("Filter-Id = \"first\""));
    BOOST_TEST(!answer.has("Filter-Id = \"second\""));
    BOOST_TEST(answer.has("Filter-Id = \"more\""));
    BOOST_TEST(answer.has("Session-Timeout = 3600"));
    BOOST_TEST(answer.has("Acct-Interim-Interval = 90"));
    BOOST_TEST(answer.has("Idle-Timeout = 600"));
    BOOST_TEST(answer.has("Class = 0x73696c766572"));
}

BOOST_AUTO_TEST_CASE(the_api_refuses_what_no_request_has_and_no_reply_can_carry) {
    const Desk desk;
    const auto refused = [&](const std::string& field, const Json& rules) {
        const auto answer = desk.add_profile("wrong", {
                                                          {field, rules}
        });
        BOOST_TEST(answer.status == 400);
        return answer.body.value(field, Json()).dump();
    };
    BOOST_TEST(refused("reply_attributes", {rule("Filter-Id", ":=", "x"), rule("Starlight", ":=", "1")})
                   .find("{\"1\":{\"attribute\":[\"") == 0);
    BOOST_TEST(refused("reply_attributes", Json::array({rule("Session-Timeout", ":=", "soon")}))
                   .find("{\"0\":{\"value\":[\"") == 0);
    BOOST_TEST(
        refused("reply_attributes", Json::array({rule("Filter-Id", "=~", "x")})).find("{\"0\":{\"op\":[\"") ==
        0);
    BOOST_TEST(refused("reply_attributes", Json::array({rule("User-Name", ":=", "bob")}))
                   .find("{\"0\":{\"attribute\":[\"") == 0);
    BOOST_TEST(refused("final_action", Json::array({rule("Starlight", ":=", "1")}))
                   .find("{\"0\":{\"attribute\":[\"") == 0);
    BOOST_TEST(
        refused("check_attributes", Json::array({rule("NAS-Port", ":=", "1")})).find("{\"0\":{\"op\":[\"") ==
        0);
    BOOST_TEST(refused("check_attributes", Json::array({rule("NAS-Identifier", "=~", "(ap")}))
                   .find("{\"0\":{\"value\":[\"") == 0);
    Json many = Json::array();
    for (int i = 0; i < 16; ++i)
        many.push_back(rule("Filter-Id", "+=", std::string(253, 'x')));
    BOOST_TEST(refused("reply_attributes", many) ==
               R"(["Together they take 4080 octets; a reply has room for 4046."])");
    many.erase(0);
    BOOST_TEST(desk.add_profile("long",
                                {
                                    {"reply_attributes", many}
    })
                   .status == 201);

    desk.add_profile(
        "longer", {
                      {"reply_attributes",
                       {rule("Filter-Id", "+=", std::string(253, 'y')), rule("Idle-Timeout", ":=", "600")}}
    });
    desk.add_user("ann", {"long", "longer"});
    const auto answer = desk.login("ann");
    BOOST_TEST(answer.packet == "Access-Accept");
    BOOST_TEST(answer.has("Session-Timeout = 7200"));
    BOOST_TEST(answer.has("Idle-Timeout = 600"));
    BOOST_TEST(!answer.has("Filter-Id = \"y"));
}

BOOST_AUTO_TEST_SUITE_END()

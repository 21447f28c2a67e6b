// Who a User-Name means to the whole daemon: Class, realms, devices, case, and the Chargeable-User-Identity.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::test;

namespace {

// The value of an attribute that radclient shows in hexadecimal; empty if the answer has none that begins so.
std::string hexadecimal_of(const RadclientAnswer& answer, const std::string& beginning) {
    const auto received = answer.text.find("Received");
    const auto at = answer.text.find(beginning, received);
    if (received == std::string::npos || at == std::string::npos) return {};
    const auto value = answer.text.find("0x", at);
    return answer.text.substr(value, answer.text.find('\n', value) - value);
}

constexpr auto our_class = "Class = 0x6867312e";  // "hg1."

std::string report(const std::string& name, const std::string& status, int seconds, const std::string& more) {
    return "User-Name=" + name + ",NAS-Identifier=story,Acct-Session-Id=s1,Acct-Status-Type=" + status +
           ",Acct-Session-Time=" + std::to_string(seconds) + more;
}

std::string packet_of_login(const Daemon& daemon, const std::string& attributes) {
    return radclient(daemon, "auth", attributes).packet;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identity)

BOOST_AUTO_TEST_CASE(a_rename_during_a_session_leaves_it_with_its_user) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600  },
                                                       {"klass",     "gold"}
    });
    const auto accept = radclient(daemon, "auth", "User-Name=ann,User-Password=hello");
    BOOST_TEST(accept.has("Class = 0x676f6c64"));
    const auto klass = hexadecimal_of(accept, our_class);
    BOOST_TEST_REQUIRE(!klass.empty());

    const auto both = ",Class=0x676f6c64,Class=" + klass;
    radclient(daemon, "acct", report("ann", "Start", 0, both));
    administrator.change_user(ann, {
                                       {"username", "anna"}
    });
    const auto newcomer = administrator.add_user("ann", {
                                                            {"user_time", 500}
    });
    radclient(daemon, "acct", report("ann", "Interim-Update", 60, ",Class=" + klass + ",Class=0x676f6c64"));
    const auto stop = radclient(daemon, "acct", report("ann", "Stop", 100, ",Class=" + klass));
    BOOST_TEST(stop.packet == "Accounting-Response");
    BOOST_TEST(administrator.settled_time(ann) == 3500);
    BOOST_TEST(administrator.settled_time(newcomer) == 500);

    // What was altered names nobody, and the name decides.
    auto altered = klass;
    altered.back() = altered.back() == '0' ? '1' : '0';
    radclient(daemon, "acct", "Acct-Session-Id=s2," + report("ann", "Stop", 10, ",Class=" + altered));
    BOOST_TEST(administrator.settled_time(newcomer) == 490);
}

BOOST_AUTO_TEST_CASE(realms_lead_to_the_users_of_their_organizations) {
    const Daemon daemon({.radius = "unknown_realm = \"reject\"\ndomain_prefix = true\n",
                         .more =
                             "[[radius.realm]]\nname = \"one.example\"\norganization = 1\n"
                             "[[radius.realm]]\nname = \"two.example\"\norganization = 2\n"
                             "[[radius.realm]]\nname = \"kept.example\"\norganization = 2\nstrip = false\n"});
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    const std::string password = ",User-Password=hello";
    BOOST_TEST(packet_of_login(daemon, "User-Name=ann" + password) == "Access-Accept");
    BOOST_TEST(packet_of_login(daemon, "User-Name=ann@one.example" + password) == "Access-Accept");
    BOOST_TEST(packet_of_login(daemon, "User-Name=ann@One.EXAMPLE" + password) == "Access-Accept");
    BOOST_TEST(packet_of_login(daemon, R"(User-Name="ONE.example\\ann")" + password) == "Access-Accept");
    BOOST_TEST(packet_of_login(daemon, "User-Name=ann@two.example" + password) == "Access-Reject");
    BOOST_TEST(packet_of_login(daemon, "User-Name=ann@three.example" + password) == "Access-Reject");
    BOOST_TEST(packet_of_login(daemon, "User-Name=ann@one.example,MS-CHAP-Password=hello") ==
               "Access-Accept");

    radclient(daemon, "acct", report("ann@one.example", "Stop", 100, ""));
    BOOST_TEST(administrator.settled_time(ann) == 3500);
    radclient(daemon, "acct", report("ann@two.example", "Stop", 100, ""));
    radclient(daemon, "acct", report("ann@three.example", "Stop", 100, ""));
    BOOST_TEST(administrator.settled_time(ann) == 3500);

    const auto refused =
        administrator.ask("POST", "/user_token/",
                          {
                              {"username",     "ben@one.example"},
                              {"password",     "hello"          },
                              {"organization", 1                }
    });
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.body["username"][0].get<std::string>().starts_with("Nobody could log in by this name"),
               refused.body.dump());

    const auto path = "/user_token/" + std::to_string(ann) + "/explain/?User-Name=";
    const auto good = administrator.ask("GET", path + "ann@one.example").body;
    BOOST_TEST(good["decision"] == "accept");
    BOOST_TEST(good["checks"][0]["finding"] == "It means the user \"ann\", of the realm one.example.");
    BOOST_TEST(administrator.ask("GET", path + "ann@two.example").body["reason"] == "unknown_user");
    BOOST_TEST(administrator.ask("GET", path + "ann@three.example").body["reason"] == "unknown_realm");
}

BOOST_AUTO_TEST_CASE(a_device_comes_in_by_its_address_and_nobody_else_without_a_password) {
    const Daemon daemon({.radius = "mac_auth = true\nuser_name_case = \"lower\"\n"});
    const Administrator administrator(daemon);
    const auto device = administrator.add_user("00-1a-2b-3c-4d-5e",
                                               {
                                                   {"user_time", 3600               },
                                                   {"password",  "00-1a-2b-3c-4d-5e"}
    });
    administrator.add_user("ann", {
                                      {"user_time", 3600}
    });
    BOOST_TEST(packet_of_login(daemon, "User-Name=001A2B3C4D5E,User-Password=001A2B3C4D5E") ==
               "Access-Accept");
    BOOST_TEST(packet_of_login(daemon, "User-Name=00:1A:2B:3C:4D:5E,CHAP-Password=00:1A:2B:3C:4D:5E") ==
               "Access-Accept");
    BOOST_TEST(packet_of_login(daemon, "User-Name=001a2b3c4d5e,Service-Type=Call-Check") == "Access-Accept");
    BOOST_TEST(packet_of_login(daemon,
                               "User-Name=001a2b3c4d5e,Service-Type=Call-Check,"
                               "Calling-Station-Id=02-00-00-00-00-01") == "Access-Reject");
    BOOST_TEST(packet_of_login(daemon, "User-Name=ann,Service-Type=Call-Check") == "Access-Reject");
    BOOST_TEST(packet_of_login(daemon, "User-Name=ANN,User-Password=hello") == "Access-Accept");

    radclient(daemon, "acct", report("001A2B3C4D5E", "Stop", 100, ""));
    BOOST_TEST(administrator.settled_time(device) == 3500);

    const auto refused =
        administrator.ask("POST", "/user_token/",
                          {
                              {"username",     "00:1A:2B:3C:4D:5F"},
                              {"password",     "hello"            },
                              {"organization", 1                  }
    });
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.body["username"][0] ==
               "User names are written otherwise here: \"00-1a-2b-3c-4d-5f\".");
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_chargeable_identity_gets_it) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    const auto login = [&](const std::string& more) {
        return radclient(daemon, "auth", "User-Name=ann,User-Password=hello" + more);
    };
    const auto beginning = "Chargeable-User-Identity = 0x";
    const auto asked = hexadecimal_of(login(",Chargeable-User-Identity=0x00"), beginning);
    BOOST_TEST(asked.size() == 2U + 64U);
    BOOST_TEST(hexadecimal_of(login(",Chargeable-User-Identity=0x00"), beginning) == asked);
    BOOST_TEST(hexadecimal_of(login(",Chargeable-User-Identity=0x00,Operator-Name=1example.org"),
                              beginning) != asked);
    BOOST_TEST(hexadecimal_of(login(""), beginning).empty());
}

BOOST_AUTO_TEST_SUITE_END()

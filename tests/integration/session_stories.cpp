// Sessions as administrators see them: over RADIUS in, over HTTP out, and each tenant's own only.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace hourglass::test;

namespace {

void report(const Daemon& daemon, const std::string& user, const std::string& session,
            const std::string& attributes) {
    const auto answer = radclient(
        daemon, "acct",
        "User-Name=" + user + ",NAS-Identifier=lobby,NAS-IP-Address=192.0.2.1,Acct-Session-Id=" + session +
            "," + attributes);
    BOOST_TEST_REQUIRE(answer.packet == "Accounting-Response");
}

std::string token_for(const Administrator& administrator, const std::string& scope,
                      std::int64_t organization) {
    return administrator
        .ask("POST", "/api_token/",
             {
                 {"name",          "desk"                     },
                 {"scopes",        Json::array({scope})       },
                 {"organizations", Json::array({organization})}
    })
        .body["token"]
        .get<std::string>();
}

std::string path_of(const char* list, const Json& session) {
    return std::string(list) + session["radacctid"].dump() + "/";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(a_session_is_seen_from_its_start_to_its_end_and_after) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    report(daemon, "ann", "s1",
           "Acct-Status-Type=Start,Calling-Station-Id=02-00,Framed-IP-Address=10.0.0.9,"
           "Attr-26.9999.7=0x01ff");
    const auto running = administrator.ask("GET", "/session/?calling_station_id=02-00&nas=lobby").body;
    BOOST_TEST_REQUIRE(running["results"].size() == 1U);
    const auto session = running["results"][0];
    BOOST_TEST(session["username"] == "ann");
    BOOST_TEST(session["user"] == ann);
    BOOST_TEST(session["organization"] == 1);
    BOOST_TEST(session["session_status"] == "active");
    BOOST_TEST(session["nas_identifier"] == "lobby");
    BOOST_TEST(session["nas_ip_address"] == "192.0.2.1");
    BOOST_TEST(session["framed_ip_address"] == "10.0.0.9");
    BOOST_TEST(session["attributes"] == "Attr-26.9999.7 = 0x01ff");
    BOOST_TEST(session["end_time"].is_null());
    BOOST_TEST(session["disconnect"].is_null());

    report(daemon, "ann", "s1",
           "Acct-Status-Type=Stop,Acct-Session-Time=130,Acct-Input-Octets=7,Acct-Output-Octets=9,"
           "Acct-Terminate-Cause=User-Request");
    BOOST_TEST(administrator.ask("GET", "/session/").body["results"].empty());
    const auto closed = administrator.ask("GET", path_of("/aaa_accounting/", session)).body;
    BOOST_TEST(closed["session_status"] == "completed");
    BOOST_TEST(closed["session_duration"] == 130);
    BOOST_TEST(closed["charged"] == 100);
    BOOST_TEST(closed["uncovered"] == 30);
    BOOST_TEST(closed["bytes_received"] == 7);
    BOOST_TEST(closed["bytes_sent"] == 9);
    BOOST_TEST(closed["terminate_cause"] == "User-Request");
    BOOST_TEST(!closed["end_time"].is_null());
    BOOST_TEST(closed["disconnect"].is_null());

    const auto ledger = administrator.ask("GET", "/user_token/" + std::to_string(ann) + "/ledger/").body;
    const auto& entries = ledger["results"];
    const auto charge =
        std::ranges::find_if(entries, [](const Json& entry) { return entry["kind"] == "charge"; });
    BOOST_TEST_REQUIRE((charge != entries.end()));
    BOOST_TEST((*charge)["session"] == closed["radacctid"]);

    BOOST_TEST(administrator.ask("DELETE", "/user_token/" + std::to_string(ann) + "/").status == 204);
    const auto kept = administrator.ask("GET", "/aaa_accounting/?username=ann").body;
    BOOST_TEST(kept["count"] == 1);
    BOOST_TEST(kept["results"][0] == closed);
}

BOOST_AUTO_TEST_CASE(pages_lead_through_all_sessions) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann");
    for (int i = 0; i < 7; ++i)
        report(daemon, i % 2 ? "ann" : "nobody", "s" + std::to_string(i), "Acct-Status-Type=Start");
    std::string path = "/aaa_accounting/?limit=3&start_date=2020-01-01";
    std::set<std::int64_t> ids;
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = administrator.ask("GET", path).body;
        BOOST_TEST(page["count"] == 7);
        BOOST_TEST(page["results"].size() <= 3U);
        for (const auto& each : page["results"])
            BOOST_TEST(ids.insert(each["radacctid"].get<std::int64_t>()).second);
        if (page["next"].is_null()) break;
        const auto link = page["next"].get<std::string>();
        path = link.substr(link.find("/api/v1") + 7);
    }
    BOOST_TEST(ids.size() == 7U);
}

BOOST_AUTO_TEST_CASE(a_tenant_sees_nothing_of_another_nor_of_the_unknown) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann");
    const auto bob = administrator.add_user("bob", {
                                                       {"organization", 2}
    });
    for (const auto* name : {"ann", "bob", "nobody"})
        report(daemon, name, "s1", "Acct-Status-Type=Start");
    const auto all = administrator.ask("GET", "/aaa_accounting/").body;
    BOOST_TEST_REQUIRE(all["results"].size() == 3U);

    const auto token = token_for(administrator, "write", 1);
    const auto ask = [&](const std::string& method, const std::string& path) {
        return administrator.ask_with_token(token, method, path);
    };
    BOOST_TEST(ask("GET", "/aaa_accounting/").body["count"] == 1);
    for (const std::string& filter :
         {"user=" + std::to_string(bob), std::string("username=bob"), std::string("username=nobody")})
        BOOST_TEST(ask("GET", "/session/?" + filter).body["results"].empty(), filter);
    BOOST_TEST(ask("GET", "/session/?organization=2").status == 403);
    for (const auto& each : all["results"]) {
        const int status = each["username"] == "ann" ? 200 : 404;
        BOOST_TEST(ask("GET", path_of("/session/", each)).status == status);
        BOOST_TEST(ask("GET", path_of("/aaa_accounting/", each)).status == status);
        BOOST_TEST(ask("POST", path_of("/session/", each) + "disconnect/").status ==
                   (status == 200 ? 202 : 404));
    }
    administrator.change_user(bob, {
                                       {"organization", 1}
    });
    BOOST_TEST(ask("GET", "/aaa_accounting/").body["count"] == 2);
}

BOOST_AUTO_TEST_CASE(a_disconnect_is_noted_with_who_asked_for_it) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann");
    report(daemon, "ann", "s1", "Acct-Status-Type=Start");
    const auto session = administrator.ask("GET", "/session/").body["results"][0];
    const auto path = path_of("/session/", session);

    BOOST_TEST(administrator.ask_with_token(token_for(administrator, "read", 1), "POST", path + "disconnect/")
                   .status == 403);
    BOOST_TEST(administrator.ask("GET", path + "disconnect/").status == 405);
    const auto asked = administrator.ask("POST", path + "disconnect/");
    BOOST_TEST(asked.status == 202);
    BOOST_TEST(asked.body["outcome"] == "requested");
    BOOST_TEST(asked.body["by"].get<std::string>().starts_with("token 1 ("));
    BOOST_TEST(asked.body["reason"] == "requested");
    const auto expect_shown = [&] {
        const auto shown = administrator.ask("GET", path).body["disconnect"];
        for (const auto* field : {"requested_at", "by", "reason"})
            BOOST_TEST(shown[field] == asked.body[field]);
    };
    expect_shown();
    report(daemon, "ann", "s1", "Acct-Status-Type=Stop,Acct-Session-Time=1");
    expect_shown();
    BOOST_TEST(administrator.ask("POST", path + "disconnect/").status == 409);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_asked_is_refused_with_a_sentence) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    BOOST_TEST(administrator.ask("GET", "/aaa_accounting/?start_date=yesterday").body["start_date"][0] ==
               "Enter a valid date/time.");
    BOOST_TEST(administrator.ask("GET", "/aaa_accounting/?session_status=odd").body["session_status"][0] ==
               "Select a valid choice. odd is not one of the available choices.");
    BOOST_TEST(administrator.ask("GET", "/session/?user=ann").body["user"][0] == "Enter a number.");
    for (const auto* cursor : {"x", "00", "0011223344"}) {
        const auto answer = administrator.ask("GET", std::string("/aaa_accounting/?cursor=") + cursor);
        BOOST_TEST(answer.status == 404);
        BOOST_TEST(answer.body["detail"] == "Invalid cursor");
    }
    for (const auto* id : {"0", "1", "1048577", "9223372036854775807", "99999999999999999999", "x"})
        BOOST_TEST(administrator.ask("GET", std::string("/aaa_accounting/") + id + "/").status == 404);
    BOOST_TEST(administrator.ask("POST", "/aaa_accounting/").status == 405);
}

BOOST_AUTO_TEST_SUITE_END()

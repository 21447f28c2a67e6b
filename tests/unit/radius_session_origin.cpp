// The conditions of profiles, looked at again for sessions that run.
#include "radius/attribute_check.hpp"
#include "radius/dictionary_builtin.hpp"
#include "radius/ending.hpp"
#include "radius/session_origin.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;

constexpr store::Time now{1'800'000'000s};

store::UserSession session_at(const std::string& ssid) {
    store::UserSession each;
    each.username = "ann";
    auto& session = each.session;
    session.session_id = "s1";
    session.is_running = true;
    session.heard = now;
    auto& details = session.details;
    details.nas_name = "front desk";
    details.nas_identifier = "ap1";
    details.nas_ip_address = "192.0.2.10";
    details.nas_port = "7";
    details.nas_port_type = "Wireless-802.11";
    details.calling_station_id = "02-00-00-00-00-0B";
    details.called_station_id = "02-00-00-00-00-0A:" + ssid;
    details.framed_ip_address = "198.51.100.7";
    details.source_address = "192.0.2.1";
    return each;
}

// Of a user of the profiles "lobby" and "late".
store::Visit changed_visit(std::vector<store::UserSession> sessions) {
    store::Visit visit;
    visit.exists = true;
    visit.is_active = true;
    visit.is_changed = true;
    visit.profile = R"(["lobby", "late"])";
    visit.sessions = std::move(sessions);
    return visit;
}

Snapshot snapshot_with(std::vector<store::Profile> profiles) {
    Client nas;
    nas.network = boost::asio::ip::make_address("192.0.2.1");
    nas.prefix_length = 32;
    return {Clients({nas}), Policy{}, {}, Directory(std::move(profiles), {})};
}

BOOST_AUTO_TEST_SUITE(radius_session_origin)

BOOST_AUTO_TEST_CASE(what_reports_told_is_there_to_be_checked) {
    const auto session = session_at("lobby");
    const SessionOrigin origin(session);
    struct Row {
        const char* attribute;
        const char* value;
    };
    for (const auto& [attribute, value] : std::to_array<Row>({
             {"User-Name",             "ann"              },
             {"NAS-Identifier",        "ap1"              },
             {"NAS-IP-Address",        "192.0.2.10"       },
             {"NAS-Port",              "7"                },
             {"NAS-Port-Type",         "Wireless-802.11"  },
             {"Calling-Station-Id",    "02:00:00:00:00:0b"},
             {"Called-Station-SSID",   "lobby"            },
             {"Framed-IP-Address",     "198.51.100.7"     },
             {"Acct-Session-Id",       "s1"               },
             {"Client-Shortname",      "front desk"       },
             {"Packet-Src-IP-Address", "192.0.2.1"        },
    })) {
        const auto check = AttributeCheck::read({attribute, "==", value}, *builtin_dictionary());
        BOOST_TEST_REQUIRE(std::holds_alternative<AttributeCheck>(check), attribute);
        BOOST_TEST(std::get<AttributeCheck>(check).holds(origin.get()), attribute);
    }
    BOOST_TEST(!SessionOrigin().get().request.has_value());
}

BOOST_AUTO_TEST_CASE(each_session_is_told_what_holds_where_it_is) {
    store::Profile lobby{.name = "lobby"};
    lobby.check_attributes = {
        {"Called-Station-SSID", "==", "lobby"}
    };
    lobby.reply_attributes = {
        {"Filter-Id", ":=", "visitors"}
    };
    store::Profile late{.name = "late", .login_time = *store::LoginTime::parse("Sa")};
    late.check_attributes = {
        {"Called-Station-SSID", "==", "office"}
    };

    const auto visit = changed_visit({session_at("lobby"), session_at("office"), session_at("elsewhere")});
    const auto steps = ending::plan(visit, snapshot_with({lobby, late}), now).steps;
    BOOST_TEST_REQUIRE(steps.size() == 3U);
    BOOST_TEST((steps[0].action == ending::Action::change));
    BOOST_TEST(steps[0].changes.size() == 2U);
    BOOST_TEST((steps[1].action == ending::Action::disconnect));
    BOOST_TEST((steps[1].reason == ending::Reason::outside_login_time));
    BOOST_TEST((steps[2].action == ending::Action::change));
    BOOST_TEST(steps[2].changes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_session_timeout_of_a_profile_counts_from_the_start_of_the_session) {
    store::Profile lobby{.name = "lobby"};
    lobby.reply_attributes = {
        {"Session-Timeout", ":=", "100"}
    };
    const auto step_after = [&](store::Seconds online) {
        auto session = session_at("lobby");
        session.session.heard = now - 10s;
        session.session.session_time = online - 10s;
        return ending::plan(changed_visit({session}), snapshot_with({lobby}), now).steps.at(0);
    };
    const auto changed = step_after(70s);
    BOOST_TEST((changed.action == ending::Action::change));
    BOOST_TEST((Integer::read(changed.changes.at(0).value) == 30U));
    BOOST_TEST((step_after(100s).action == ending::Action::change));
    BOOST_TEST((step_after(101s).action == ending::Action::disconnect));
    BOOST_TEST((step_after(101s).reason == ending::Reason::session_timeout));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

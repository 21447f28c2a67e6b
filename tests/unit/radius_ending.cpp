// What a user's running sessions need: the table of ends, and the way of one request to the next.
#include "radius/dictionary.hpp"
#include "radius/ending.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

namespace hourglass::radius::ending {
namespace {

using namespace std::chrono_literals;
using store::Disconnect;
using store::DisconnectOutcome;
using store::Seconds;
using store::Time;
using Result = dynamic_authorization::Outcome::Result;

constexpr Time now{1'800'000'000s};  // a Friday, 8:00

store::UserSession session(Time heard, std::string nas = "192.0.2.1") {
    store::UserSession each;
    each.session.number = 1;
    each.session.session_id = "s1";
    each.session.is_running = true;
    each.session.heard = heard;
    each.session.details.source_address = std::move(nas);
    each.username = "ann";
    return each;
}

// A user whose sessions were heard at these times, with a balance of so much beside what they have used.
store::Visit visit(store::Balance left, const std::vector<Time>& heard = {now}) {
    store::Visit visit;
    visit.exists = true;
    visit.username = "ann";
    visit.is_active = true;
    visit.organization = 1;
    visit.account.heard = heard;
    if (left) visit.account.credited = *left + visit.account.unreported(now);
    for (const auto each : heard)
        visit.sessions.push_back(session(each));
    return visit;
}

Client nas(const char* address, bool takes_disconnect, bool takes_coa) {
    Client client;
    client.name = address;
    client.network = boost::asio::ip::make_address(address);
    client.prefix_length = 32;
    client.secret = "secret";
    client.takes_disconnect = takes_disconnect;
    client.takes_coa = takes_coa;
    return client;
}

Snapshot snapshot(std::vector<store::Profile> profiles = {}, std::vector<Organization> organizations = {}) {
    return {Clients({nas("192.0.2.1", true, true), nas("192.0.2.2", true, false),
                     nas("192.0.2.3", false, false)}),
            Policy{},
            {},
            Directory(std::move(profiles), std::move(organizations))};
}

store::Profile profile() {
    store::Profile profile;
    profile.id = 1;
    profile.name = "guests";
    return profile;
}

Step only_step(const store::Visit& seen, const Snapshot& with = snapshot()) {
    const auto steps = plan(seen, with, now).steps;
    BOOST_TEST_REQUIRE(steps.size() == 1U);
    return steps.front();
}

Disconnect noted(DisconnectOutcome outcome, Seconds answered, Seconds next) {
    return {.outcome = outcome,
            .requested_at = now - 60s,
            .by = "deadline",
            .reason = "exhausted",
            .attempts = 1,
            .next_attempt = now + next,
            .answered_at = now + answered};
}

std::uint32_t number_in(const dynamic_authorization::AttributeChange& change) {
    BOOST_TEST_REQUIRE(change.value.size() == 4U);
    return Integer::read(change.value).value();
}

BOOST_AUTO_TEST_SUITE(radius_ending)

BOOST_AUTO_TEST_CASE(a_session_goes_on_until_the_first_of_its_limits) {
    struct Row {
        const char* name;
        std::function<void(store::Visit&)> limit;
        Seconds next;
    };
    const auto nothing = [](store::Visit&) {};
    const auto expires_in = [](Seconds left) {
        return [left](store::Visit& seen) { seen.expiration = now + left; };
    };
    for (const auto& [balance, row] : std::vector<std::pair<store::Balance, Row>>{
             {{},   {"silence alone", nothing, 900s}                          },
             {100s, {"the balance, counted to its last second", nothing, 101s}},
             {100s, {"an expiration before that", expires_in(50s), 50s}       },
             {100s, {"an expiration after that", expires_in(500s), 101s}      },
    }) {
        BOOST_TEST_CONTEXT(row.name) {
            auto seen = visit(balance);
            row.limit(seen);
            const auto planned = plan(seen, snapshot(), now);
            BOOST_TEST((planned.steps == std::vector<Step>{{}}));
            BOOST_TEST((planned.next == now + row.next));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_balance_that_is_set_to_nothing_ends_a_session_at_once) {
    auto seen = visit(0s, {now - 10s});
    BOOST_TEST((only_step(seen).action == Action::leave));
    seen.is_changed = true;
    BOOST_TEST((only_step(seen) == Step{.action = Action::disconnect, .reason = Reason::exhausted}));
}

// However often its NAS reports: each report moves the second that the balance is counted to.
BOOST_AUTO_TEST_CASE(a_balance_that_reports_have_taken_ends_a_session_at_once) {
    BOOST_TEST((only_step(visit(0s)) == Step{.action = Action::disconnect, .reason = Reason::exhausted}));
    BOOST_TEST((only_step(visit(1s)).action == Action::leave));
}

BOOST_AUTO_TEST_CASE(several_sessions_share_one_deadline) {
    const auto planned = plan(visit(60s, {now, now - 10s}), snapshot(), now);
    BOOST_TEST((planned.next == now + 31s));
}

BOOST_AUTO_TEST_CASE(each_reason_ends_a_session_on_a_nas_that_takes_disconnect_requests) {
    struct Row {
        Reason reason;
        std::function<void(store::Visit&)> write;
    };
    const std::vector<Row> rows{
        {Reason::exhausted,             [](store::Visit& seen) { seen = visit(-1s); }             },
        {Reason::expired,               [](store::Visit& seen) { seen.expiration = now; }         },
        {Reason::inactive,              [](store::Visit& seen) { seen.is_active = false; }        },
        {Reason::organization_inactive, [](store::Visit& seen) { seen.organization = 2; }         },
        {Reason::outside_login_time,    [](store::Visit& seen) { seen.profile = R"(["guests"])"; }},
        {Reason::removed,
         [](store::Visit& seen) {
             seen.exists = false;
             seen.sessions[0].session.is_running = false;
         }                                                                                        },
        {Reason::requested,
         [](store::Visit& seen) {
             seen.sessions[0].disconnect = {.outcome = DisconnectOutcome::requested,
                                            .requested_at = now,
                                            .reason = std::string(store::requested_reason)};
         }                                                                                        },
    };
    auto guests = profile();
    guests.login_time = *store::LoginTime::parse("Sa");
    const auto with = snapshot(
        {
            guests
    },
        {{.id = 2, .name = "closed", .parent = {}, .is_active = false}});
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(name_of(row.reason)) {
            auto seen = visit(1000s);
            row.write(seen);
            const auto step = only_step(seen, with);
            BOOST_TEST((step == Step{.action = Action::disconnect, .reason = row.reason}));
            seen.sessions[0].session.details.source_address = "192.0.2.3";
            const auto elsewhere = only_step(seen, with);
            BOOST_TEST((elsewhere.action == Action::cannot_end));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_noted_decides_about_the_next_request) {
    struct Row {
        const char* name;
        Disconnect noted;
        Time heard;
        Action action;
        bool has_gone_on;
        std::optional<Seconds> next;
    };
    using enum DisconnectOutcome;
    const auto recently = now - 10s;
    const std::vector<Row> rows{
        {"under way",                       noted(requested,    {},  5s),  recently, Action::leave,       false, 5s },
        {"lost with its daemon",            noted(requested,    {},  0s),  recently, Action::disconnect,  false, {} },
        {"refused a moment ago",            noted(refused,      -1s, 4s),  recently, Action::leave,       false, 4s },
        {"refused a while ago",             noted(refused,      -9s, -1s), recently, Action::disconnect,  false, {} },
        {"unreachable",                     noted(unreachable,  -9s, 0s),  recently, Action::disconnect,  false, {} },
        {"acknowledged, and nothing heard", noted(acknowledged, -9s, -4s), recently, Action::leave,       false,
         15s                                                                                                        },
        {"a report was under way",          noted(acknowledged, -9s, -4s), now - 7s, Action::leave,       false, 15s},
        {"acknowledged, and it goes on",
         noted(acknowledged,                                    -9s, -4s),
         now - 6s,
         Action::disconnect,
         true,                                                                                                   {} },
        {"a Stop may be on its way",        noted(confirmed,    -1s, 2s),  recently, Action::leave,       false, 2s },
        {"its NAS does not know it",        noted(confirmed,    -3s, 0s),  recently, Action::close_stale, false, {} },
        {"its NAS knows it after all",      noted(confirmed,    -9s, 0s),  now - 2s, Action::disconnect,  false, {} },
        {"nothing can be done",             noted(unsupported,  {},  0s),  recently, Action::disconnect,  false, {} },
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            auto seen = visit({}, {row.heard});
            seen.is_active = false;
            seen.sessions[0].disconnect = row.noted;
            const auto planned = plan(seen, snapshot(), now);
            BOOST_TEST((planned.steps[0].action == row.action));
            BOOST_TEST(planned.steps[0].has_gone_on == row.has_gone_on);
            BOOST_TEST((planned.next == (row.next ? now + *row.next : row.heard + 900s)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_silent_session_is_closed_whatever_was_asked_of_its_nas) {
    auto seen = visit(1000s, {now - 900s});
    BOOST_TEST((only_step(seen) == Step{.action = Action::close_stale}));
    seen.sessions[0].disconnect = noted(DisconnectOutcome::acknowledged, -800s, -790s);
    BOOST_TEST((only_step(seen) == Step{.action = Action::close_stale}));
    BOOST_TEST((only_step(visit(1000s, {now - 899s})).action == Action::leave));
}

BOOST_AUTO_TEST_CASE(a_profile_that_asks_for_fewer_reports_is_waited_for_longer) {
    auto rarely = profile();
    rarely.interim_interval = 3600s;
    auto seen = visit({}, {now - 900s});
    seen.profile = R"(["guests"])";
    const auto planned = plan(seen, snapshot({rarely}), now);
    BOOST_TEST((planned.steps[0].action == Action::leave));
    BOOST_TEST((planned.stale_limit == 10'800s));
    BOOST_TEST((planned.next == now + 9900s));
    rarely.interim_interval = 60s;
    BOOST_TEST(!plan(seen, snapshot({rarely}), now).stale_limit.has_value());
}

BOOST_AUTO_TEST_CASE(a_change_reaches_a_nas_that_takes_coa_requests_with_what_is_left) {
    auto seen = visit(100s);
    seen.is_changed = true;
    seen.profile = R"(["guests"])";
    auto guests = profile();
    guests.reply_attributes = {
        {"Session-Timeout", ":=", "700"},
        {"Idle-Timeout",    ":=", "600"},
        {"Starlight",       ":=", "1"  }
    };
    const auto planned = plan(seen, snapshot({guests}), now);
    BOOST_TEST((planned.steps[0].action == Action::change));
    const auto& changes = planned.steps[0].changes;
    BOOST_TEST_REQUIRE(changes.size() == 2U);
    BOOST_TEST(changes[0].type == attr::session_timeout.type);
    BOOST_TEST(number_in(changes[0]) == 100U);
    BOOST_TEST(planned.attributes_left_out == 1U);

    seen.sessions[0].session.details.source_address = "192.0.2.2";
    BOOST_TEST((only_step(seen).action == Action::leave));
    seen.sessions[0].session.details.source_address = "192.0.2.1";
    guests.concurrency = store::Concurrency::reserve;
    BOOST_TEST((only_step(seen, snapshot({guests})).action == Action::leave));
    auto free = visit({});
    free.is_changed = true;
    BOOST_TEST(number_in(plan(free, snapshot(), now).steps.at(0).changes.at(0)) == 2'147'483'647U);
}

BOOST_AUTO_TEST_CASE(a_walled_garden_takes_the_place_of_the_end_and_lets_go_after_a_credit) {
    auto guests = profile();
    guests.walled_garden = {
        {"Filter-Id", ":=", "portal"}
    };
    const auto with = snapshot({guests});
    const auto poor = [&](Seconds left) {
        auto seen = visit(left);
        seen.profile = R"(["guests"])";
        return seen;
    };
    BOOST_TEST((plan(poor(100s), with, now).next == now + 98s));
    auto seen = poor(2s);
    const auto planned = plan(seen, with, now);
    BOOST_TEST((planned.steps[0].action == Action::confine));
    BOOST_TEST((planned.steps[0].reason == Reason::exhausted));
    BOOST_TEST_REQUIRE(planned.steps[0].changes.size() == 2U);
    BOOST_TEST(number_in(planned.steps[0].changes[0]) == 2'147'483'647U);
    const auto request = request_for(seen.sessions[0], planned.steps[0], with);
    BOOST_TEST((request.value().kind == dynamic_authorization::Kind::coa));
    BOOST_TEST(request->disconnect_if_unsupported);

    auto confined = begun({}, noted_reason(planned.steps[0]), now);
    confined = concluded(confined, {Result::acknowledged, dynamic_authorization::Kind::coa, {}}, now);
    seen.sessions[0].disconnect = confined;
    BOOST_TEST((only_step(seen, with).action == Action::leave));
    auto rich = poor(600s);
    rich.sessions[0].disconnect = confined;
    const auto release = only_step(rich, with);
    BOOST_TEST((release.action == Action::change));
    BOOST_TEST(release.is_release);
    seen.sessions[0].disconnect = free_again(confined);
    BOOST_TEST((only_step(seen, with).action == Action::confine));
    seen.sessions[0].disconnect = confined;
    seen.is_active = false;
    BOOST_TEST((only_step(seen, with).action == Action::disconnect));
    auto elsewhere = poor(-1s);
    elsewhere.sessions[0].session.details.source_address = "192.0.2.2";
    elsewhere.sessions[0].session.charged = 1s;
    BOOST_TEST((only_step(elsewhere, with).action == Action::disconnect));
}

// Its NAS takes no CoA-Request, so it cannot have been confined later.
BOOST_AUTO_TEST_CASE(a_session_that_began_in_the_walled_garden_stays) {
    auto guests = profile();
    guests.walled_garden.emplace();
    auto seen = visit(0s, {now - 5s});
    seen.account.credited = 0s;
    seen.profile = R"(["guests"])";
    seen.sessions[0].session.details.source_address = "192.0.2.2";
    BOOST_TEST((only_step(seen, snapshot({guests})).action == Action::leave));
    BOOST_TEST((only_step(seen).action == Action::disconnect));
}

BOOST_AUTO_TEST_CASE(sessions_of_nobody_run_until_they_are_silent) {
    auto seen = visit({});
    seen.exists = false;
    seen.is_active = false;
    BOOST_TEST((only_step(seen).action == Action::leave));
}

BOOST_AUTO_TEST_CASE(each_outcome_is_noted_with_the_time_of_the_next_request) {
    struct Row {
        Result result;
        DisconnectOutcome outcome;
        Seconds next;
    };
    for (const auto& row : {
             Row{Result::acknowledged,  DisconnectOutcome::acknowledged, 5s},
             Row{Result::refused,       DisconnectOutcome::refused,      5s},
             Row{Result::session_gone,  DisconnectOutcome::confirmed,    3s},
             Row{Result::unreachable,   DisconnectOutcome::unreachable,  5s},
             Row{Result::overloaded,    DisconnectOutcome::requested,    5s},
             Row{Result::shutting_down, DisconnectOutcome::requested,    0s}
    }) {
        const auto first = begun({}, name_of(Reason::expired), now);
        BOOST_TEST((first.next_attempt == now + request_lease));
        const auto after = concluded(first, {row.result, dynamic_authorization::Kind::disconnect, 501}, now);
        BOOST_TEST((after.outcome == row.outcome), dynamic_authorization::name_of(row.result));
        BOOST_TEST((after.next_attempt == now + row.next));
        BOOST_TEST(after.attempts == 1U);
    }
}

BOOST_AUTO_TEST_CASE(requests_to_end_one_session_come_later_and_later) {
    Noted noted;
    std::vector<Seconds> delays;
    for (int i = 0; i < 9; ++i) {
        noted = concluded(begun(noted, name_of(Reason::expired), now),
                          {Result::refused, dynamic_authorization::Kind::disconnect, {}}, now);
        delays.push_back(*noted->next_attempt - now);
    }
    const std::vector<Seconds> expected{5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s, 300s};
    BOOST_TEST((delays == expected));
    BOOST_TEST(noted->attempts == 9U);
    BOOST_TEST(begun(noted, name_of(Reason::inactive), now).attempts == 1U);
}

BOOST_AUTO_TEST_CASE(an_administrators_wish_keeps_his_name) {
    const Disconnect asked{.outcome = DisconnectOutcome::requested,
                           .requested_at = now - 9s,
                           .by = "token 3 (desk)",
                           .reason = std::string(store::requested_reason)};
    const auto first = begun(asked, name_of(Reason::requested), now);
    BOOST_TEST(first.by == "token 3 (desk)");
    BOOST_TEST((first.requested_at == now - 9s));
    BOOST_TEST(first.reason == "requested");
    BOOST_TEST(begun({}, name_of(Reason::exhausted), now).by == "deadline");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius::ending

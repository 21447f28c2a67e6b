// What a login gets of a balance beside other sessions, and what somebody gets who has nothing left.
#include "radius/explanation.hpp"
#include "radius/packet_writer.hpp"
#include "radius/sharing.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using store::Concurrency;
using store::Place;
using store::PlaceLimits;
using store::Profile;
using store::Seconds;

constexpr store::Time now{1'800'000'000s};

// A user with these profiles, in their order, and as many running sessions, heard of just now.
struct Story {
    explicit Story(store::Balance balance, std::vector<Profile> profiles = {}, std::size_t running = 0) {
        user.is_active = true;
        user.account.credited = balance;
        user.account.heard.assign(running, now);
        for (std::size_t i = 0; i < profiles.size(); ++i) {
            profiles[i].name = std::to_string(i);
            user.profiles.push_back(profiles[i].name);
        }
        directory = Directory(std::move(profiles), {});
    }

    Login login(std::optional<Place> place = {}) const {
        Login login{user, now, directory};
        login.place = place;
        return login;
    }
    Decision decide(std::optional<Place> place = {}) const { return authorize(login(place), Policy{}); }
    std::optional<Seconds> session_timeout(std::optional<Place> place = {}) const {
        return std::get<Grant>(decide(place)).session_timeout;
    }

    store::LoginUser user;
    Directory directory;
};

Profile reserving(std::optional<Seconds> slice) {
    return {.concurrency = Concurrency::reserve, .slice = slice};
}
Profile walled(std::vector<store::AttributeRule> rules = {
                   {"Filter-Id", ":=", "pay"}
}) {
    return {.walled_garden = std::move(rules)};
}

BOOST_AUTO_TEST_SUITE(radius_sharing)

BOOST_AUTO_TEST_CASE(who_shares_gets_the_time_until_the_common_end) {
    BOOST_TEST((Story(3600s).session_timeout() == 3600s));
    BOOST_TEST((Story(3600s, {}, 1).session_timeout() == 1800s));
    BOOST_TEST((Story(100s, {}, 2).session_timeout() == 33s));
    BOOST_TEST((Story(2s, {}, 2).session_timeout() == 1s));
    BOOST_TEST((Story({}, {}, 2).session_timeout() == std::nullopt));
}

BOOST_AUTO_TEST_CASE(places_count_where_the_store_was_asked) {
    const Story story(3600s, {{.simultaneous_use = 3}}, 2);
    BOOST_TEST((story.session_timeout(Place{Place::Outcome::free, 1, {}}) == 1800s));
}

BOOST_AUTO_TEST_CASE(the_store_is_asked_only_where_a_limit_needs_it) {
    struct Row {
        const char* name;
        Story story;
        std::optional<PlaceLimits> limits;
    };
    const std::array rows{
        Row{"no profile", Story(100s), {}},
        Row{"nothing to the matter", Story(100s, {{.interim_interval = 60s}}), {}},
        Row{"two places", Story(100s, {{.simultaneous_use = 2}}), PlaceLimits{2, {}}},
        Row{"the first that says", Story(100s, {{}, {.simultaneous_use = 1}, {.simultaneous_use = 2}}),
            PlaceLimits{1, {}}},
        Row{"slices", Story(100s, {reserving(60s)}), PlaceLimits{{}, 60s}},
        Row{"no more than is left", Story(100s, {reserving(600s)}), PlaceLimits{{}, 100s}},
        Row{"all that is left", Story(100s, {reserving({})}), PlaceLimits{{}, 100s}},
        Row{"of what is not metered", Story({}, {reserving(60s)}), {}},
        Row{"of nothing", Story(0s, {reserving(60s), walled()}), {}},
        Row{"in different profiles", Story(100s, {{.simultaneous_use = 2}, reserving({}), {.slice = 70s}}),
            PlaceLimits{2, 70s}},
    };
    for (const auto& row : rows)
        BOOST_TEST((place_limits(row.story.login()) == row.limits), row.name);
}

BOOST_AUTO_TEST_CASE(a_slice_is_the_session_timeout_whatever_runs) {
    const Story story(3600s, {reserving(600s)}, 2);
    BOOST_TEST((story.session_timeout(Place{Place::Outcome::free, 2, 400s}) == 400s));
}

BOOST_AUTO_TEST_CASE(a_slice_ends_with_the_expiration) {
    Story story(3600s, {reserving(600s)});
    story.user.expiration = now + 30s;
    BOOST_TEST((place_limits(story.login())->slice == 30s));
    BOOST_TEST((story.session_timeout(Place{Place::Outcome::free, 0, 30s}) == 30s));
}

BOOST_AUTO_TEST_CASE(no_place_and_no_slice_are_reasons_of_their_own) {
    const Story story(3600s, {reserving(600s)});
    BOOST_TEST(
        (story.decide(Place{Place::Outcome::none_free, 2, {}}) == Decision(RejectReason::too_many_sessions)));
    BOOST_TEST(
        (story.decide(Place{Place::Outcome::all_held, 2, {}}) == Decision(RejectReason::balance_held)));
    for (const auto reason : {RejectReason::too_many_sessions, RejectReason::balance_held})
        BOOST_TEST(!reply_message(reason).empty());
}

BOOST_AUTO_TEST_CASE(who_has_nothing_left_gets_the_walled_garden) {
    const Story story(0s, {{}, walled()});
    const auto grant = std::get<Grant>(story.decide());
    BOOST_TEST(!grant.session_timeout.has_value());
    BOOST_TEST(grant.is_walled_garden);
    BOOST_TEST(grant.attributes.size() == 1U);

    const auto explanation = explain(story.login(), Policy{});
    BOOST_TEST(!explanation.refusal.has_value());
    BOOST_TEST(explanation.checks[4].finding == "0 s are left: he gets the walled garden.");
    BOOST_TEST((explanation.reply.back() == AttributeText{"Filter-Id", "pay"}));
}

BOOST_AUTO_TEST_CASE(the_walled_garden_is_for_nobody_else) {
    BOOST_TEST(!std::get<Grant>(Story(1s, {walled()}).decide()).is_walled_garden);
    BOOST_TEST(!std::get<Grant>(Story({}, {walled()}).decide()).is_walled_garden);
    BOOST_TEST((Story(0s, {{}}).decide() == Decision(RejectReason::no_time_left)));
    Story expired(0s, {walled()});
    expired.user.expiration = now;
    BOOST_TEST((expired.decide() == Decision(RejectReason::expired)));
}

BOOST_AUTO_TEST_CASE(other_limits_hold_in_the_walled_garden_too) {
    Story story(0s, {
                        walled({{"Session-Timeout", ":=", "300"},
                                {"Acct-Interim-Interval", ":=", "90"},
                                {"Filter-Id", ":=", "pay"},
                                {"Colour", ":=", "invisible"}}
                        )
    });
    auto grant = std::get<Grant>(story.decide());
    BOOST_TEST((grant.session_timeout == 300s));
    BOOST_TEST((grant.interim_interval == 90s));
    BOOST_TEST(grant.attributes.size() == 1U);
    BOOST_TEST(grant.left_out == 1U);

    story.user.expiration = now + 200s;
    BOOST_TEST((story.session_timeout() == 200s));
}

BOOST_AUTO_TEST_CASE(a_newcomer_is_known_by_nas_and_station) {
    PacketWriter writer(Code::access_request, 7);
    writer.add(attr::nas_identifier, "lab");
    writer.add(attr::calling_station_id, "02-00-00-00-00-01");
    const auto bytes = writer.sign_request("secret").value();
    const auto newcomer = newcomer_of(decode(bytes).value(), boost::asio::ip::make_address("192.0.2.1"));
    BOOST_TEST(newcomer.nas == "id:lab");
    BOOST_TEST(newcomer.calling_station_id == "02-00-00-00-00-01");
    BOOST_TEST(newcomer.request.size() == 32U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius

// What a worker sees of each source address.
#include "radius/sightings.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using boost::asio::ip::make_address;
using test::attribute;

constexpr std::chrono::sys_seconds noon{std::chrono::seconds(1'700'000'000)};
constexpr std::chrono::seconds minute{60};

Client client(const char* name, const char* network, unsigned prefix_length) {
    return {.name = name, .network = make_address(network), .prefix_length = prefix_length, .secret = "s"};
}

test::Octets interim(const char* session, std::uint32_t seconds) {
    return test::packet(Code::accounting_request,
                        {attribute(attr::acct_status_type, 3), attribute(attr::acct_session_id, session),
                         attribute(attr::acct_session_time, seconds)});
}

struct Fixture {
    const Client lobby = client("lobby", "192.0.2.0", 24);
    const Clients clients{{lobby}};
    const boost::asio::ip::address nas = make_address("192.0.2.7");
    Sightings sightings;

    void hear(const test::Octets& octets, const boost::asio::ip::address& source,
              std::chrono::sys_seconds now = noon) {
        sightings.note_request(source, lobby, *decode(octets), now);
    }
    void hear(const test::Octets& octets) { hear(octets, nas); }
    SourceSighting take_one(std::chrono::sys_seconds now = noon) {
        const auto taken = sightings.take(now);
        if (taken.size() != 1) throw std::runtime_error("not one sighting");
        return taken.front();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(radius_sightings, Fixture)

BOOST_AUTO_TEST_CASE(packets_are_counted_by_what_became_of_them) {
    hear(test::packet(Code::access_request, {}));
    hear(test::packet(Code::access_request, {}));
    hear(interim("s", 1));
    sightings.note(nas, lobby, Sight::access_accepts, noon);
    sightings.note(nas, lobby, Sight::repeats, noon);
    sightings.note_drop(nas, clients, Error::bad_authenticator, noon);

    const auto seen = take_one();
    BOOST_TEST(seen.source->to_string() == "192.0.2.7");
    BOOST_TEST(seen.client == "lobby");
    BOOST_TEST(seen[Sight::access_requests] == 2U);
    BOOST_TEST(seen[Sight::accounting_requests] == 1U);
    BOOST_TEST(seen[Sight::access_accepts] == 1U);
    BOOST_TEST(seen[Sight::repeats] == 1U);
    BOOST_TEST(seen[Sight::drop_bad_authenticator] == 1U);
    BOOST_TEST(sightings.take(noon).empty());
}

BOOST_AUTO_TEST_CASE(each_reason_for_a_drop_has_its_count) {
    for (int reason = 1; make_error_code(Error(reason)) != Error::send_queue_full; ++reason)
        sightings.note_drop(nas, clients, make_error_code(Error(reason)), noon);
    const auto seen = take_one();
    BOOST_TEST(seen[Sight::drop_unknown_client] == 1U);
    BOOST_TEST(seen[Sight::drop_too_many_delayed_rejects] == 1U);
    BOOST_TEST(seen[Sight::drop_send_queue_full] == 0U);
}

BOOST_AUTO_TEST_CASE(only_what_is_authentic_is_heard) {
    sightings.note_drop(nas, clients, Error::bad_message_authenticator, noon);
    const auto forged = take_one();
    BOOST_TEST(forged.client == "lobby");
    BOOST_TEST(!forged.last_authentic.has_value());

    hear(test::packet(Code::access_request, {}), nas, noon + minute);
    sightings.note_drop(nas, clients, Error::malformed, noon + 2 * minute);
    const auto heard = take_one(noon + 2 * minute);
    BOOST_TEST((heard.first == noon + minute));
    BOOST_TEST((heard.last_authentic == noon + minute));
    BOOST_TEST((heard.last == noon + 2 * minute));
}

BOOST_AUTO_TEST_CASE(what_the_nas_sends_is_noted) {
    const test::Octets of_vendor{0, 0, 0x3a, 0x8c, 1, 3, 7};
    const test::Octets cut_short{0, 0, 1};
    hear(test::packet(
        Code::access_request,
        {attribute(attr::nas_identifier, "lobby-1"), attribute(attr::event_timestamp, 5),
         attribute(attr::vendor_specific, of_vendor), attribute(attr::vendor_specific, of_vendor),
         attribute(attr::vendor_specific, cut_short)}));
    const auto seen = take_one();
    BOOST_TEST(seen.nas_identifier == "lobby-1");
    BOOST_TEST(seen.vendors == std::vector<std::uint32_t>{14988}, boost::test_tools::per_element());
    for (std::size_t i = 0; i < traits.size(); ++i)
        BOOST_TEST((seen.traits >> i & 1) == (traits[i].name == "sends_event_timestamp" ? 1U : 0U));
}

BOOST_AUTO_TEST_CASE(vendors_have_a_limit) {
    for (std::uint8_t vendor = 0; vendor < 2 * Sightings::vendors_max; ++vendor)
        hear(test::packet(Code::access_request,
                          {attribute(attr::vendor_specific, test::Octets{0, 0, 0, vendor, 1, 2})}));
    BOOST_TEST(take_one().vendors.size() == Sightings::vendors_max);
}

BOOST_AUTO_TEST_CASE(the_interim_interval_is_how_one_session_grows_across_takes) {
    hear(interim("a", 300));
    hear(interim("b", 1000));
    BOOST_TEST(!take_one().interim_interval.has_value());
    hear(interim("a", 600));
    hear(interim("b", 1060));
    BOOST_TEST((take_one().interim_interval == std::chrono::seconds(300)));
    hear(interim("a", 1200));  // one was lost
    hear(interim("a", 1500));
    BOOST_TEST((take_one().interim_interval == std::chrono::seconds(300)));
}

BOOST_AUTO_TEST_CASE(a_busy_source_is_not_looked_at_without_end) {
    for (int i = 0; i < Sightings::looks_per_second_max; ++i)
        hear(test::packet(Code::access_request, {}));
    const auto with_trait = test::packet(Code::access_request, {attribute(attr::event_timestamp, 5)});
    hear(with_trait);
    BOOST_TEST(take_one().traits == 0U);
    hear(with_trait, nas, noon + std::chrono::seconds(1));
    BOOST_TEST(take_one().traits != 0U);
}

// The address may be forged, so that such sources must not push out those that proved themselves.
BOOST_AUTO_TEST_CASE(strangers_beyond_the_limit_are_counted_for_their_client_only) {
    const auto address = [](std::uint32_t i) {
        return boost::asio::ip::address(
            boost::asio::ip::address_v4(0xc0000200U + i % 256U + (i / 256U << 24)));
    };
    const Clients all({client("all", "0.0.0.0", 0)});
    const auto many = static_cast<std::uint32_t>(Sightings::strangers_max + 10);
    for (std::uint32_t i = 0; i < many; ++i)
        sightings.note_drop(address(i), all, Error::bad_authenticator, noon);
    hear(test::packet(Code::access_request, {}));
    const auto taken = sightings.take(noon);
    BOOST_TEST(taken.size() == Sightings::strangers_max + 2);
    const auto unlisted = std::ranges::find_if(taken, [](const auto& seen) { return !seen.source; });
    BOOST_REQUIRE(unlisted != taken.end());
    BOOST_TEST(unlisted->client == "all");
    BOOST_TEST((*unlisted)[Sight::drop_bad_authenticator] == 10U);
}

BOOST_AUTO_TEST_CASE(an_idle_source_gives_its_place_away) {
    const auto address = [](std::size_t i) {
        return boost::asio::ip::address(boost::asio::ip::address_v4(static_cast<std::uint32_t>(i)));
    };
    const auto asks = test::packet(Code::access_request, {});
    for (std::size_t i = 0; i < Sightings::sources_max; ++i)
        hear(asks, address(i));
    hear(asks, nas);
    BOOST_TEST(std::ranges::count_if(sightings.take(noon), [](const auto& seen) { return !seen.source; }) ==
               1);

    const auto later = noon + Sightings::idle_max + minute;
    BOOST_TEST(sightings.take(later).empty());
    hear(asks, nas, later);
    BOOST_TEST(take_one(later).source.has_value());
}

BOOST_AUTO_TEST_CASE(a_source_follows_its_client) {
    hear(test::packet(Code::access_request, {}));
    auto renamed = lobby;
    renamed.name = "hall";
    renamed.record = 7;
    sightings.note(nas, renamed, Sight::access_rejects, noon);
    const auto seen = take_one();
    BOOST_TEST(seen.client == "hall");
    BOOST_TEST((seen.record == 7));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius

// What workers saw, gathered, and as a text for the store.
#include "daemon/nas_sightings.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::daemon {

namespace {

constexpr std::chrono::sys_seconds noon{std::chrono::seconds(1'700'000'000)};

radius::SourceSighting seen(const char* source, std::optional<std::int64_t> nas, std::uint32_t logins) {
    radius::SourceSighting sighting{
        .client = "lobby", .record = nas, .first = noon, .last = noon, .last_authentic = noon};
    if (source != nullptr) sighting.source = boost::asio::ip::make_address(source);
    sighting[radius::Sight::access_requests] = logins;
    return sighting;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nas_sightings)

BOOST_AUTO_TEST_CASE(what_several_workers_saw_adds_up_by_source_and_by_nas) {
    NasSightings gathered;
    gathered.add({seen("192.0.2.1", 7, 2), seen("192.0.2.2", 7, 3)});
    gathered.add({seen("192.0.2.1", 7, 5), seen(nullptr, 7, 11), seen("203.0.113.1", std::nullopt, 1)});

    const auto sources = gathered.take_sources();
    BOOST_REQUIRE_EQUAL(sources.size(), 3U);
    BOOST_TEST(sources[0].address.to_string() == "192.0.2.1");
    BOOST_TEST(sources[0].sighting.counts.at("access_requests") == 7U);
    const auto nases = gathered.take_nases();
    BOOST_REQUIRE_EQUAL(nases.size(), 1U);
    BOOST_TEST(nases.at(7).counts.at("access_requests") == 21U);
    BOOST_TEST(gathered.take_sources().empty());
    BOOST_TEST(gathered.take_nases().empty());
}

BOOST_AUTO_TEST_CASE(traits_and_vendors_become_words) {
    auto sighting = seen("192.0.2.1", 7, 1);
    sighting.traits = (1U << radius::traits.size()) - 1;
    sighting.vendors = {9, 14988};
    NasSightings gathered;
    gathered.add({sighting});
    const auto words = gathered.take_nases().at(7).words;
    BOOST_TEST(words.size() == radius::traits.size() + 2);
    BOOST_TEST(words.contains("sends_message_authenticator"));
    BOOST_TEST(words.contains("vendor_14988"));
}

BOOST_AUTO_TEST_CASE(a_sighting_survives_its_text) {
    const store::Sighting sighting{
        .first = noon,
        .last = noon + std::chrono::seconds(5),
        .last_authentic = noon,
        .nas = "lobby \"1\"",
        .nas_id = 7,
        .nas_identifier = "é",
        .interim_interval = std::chrono::seconds(300),
        .counts = {{"access_requests", 7}},
        .words = {"sends_class"},
    };
    BOOST_CHECK(store::parse_sighting(store::to_text(sighting)) == sighting);
    const store::Sighting empty{.first = noon, .last = noon};
    BOOST_CHECK(store::parse_sighting(store::to_text(empty)) == empty);
    BOOST_TEST(!store::parse_sighting("nonsense").has_value());
    BOOST_TEST(!store::parse_sighting(R"({"first": "soon"})").has_value());
    BOOST_TEST(!store::parse_sighting("").has_value());
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_text_are_no_harm) {
    const store::Sighting sighting{.first = noon, .last = noon, .nas_identifier = "\xff\x1b[2J"};
    const auto read = store::parse_sighting(store::to_text(sighting));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->nas_identifier == "\xef\xbf\xbd\x1b[2J");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon

// What was seen of NASes, kept in Redis for all daemons.
#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::SeenSource;
using store::Sighting;

namespace {

boost::asio::ip::address address(const std::string& text) {
    return boost::asio::ip::make_address(text);
}

Sighting heard(store::Time at, std::uint64_t logins = 1) {
    return {
        .first = at,
        .last = at,
        .last_authentic = at,
        .nas = "lobby",
        .counts = {{"access_requests", logins}},
    };
}

Sighting dropped(store::Time at) {
    return {.first = at, .last = at, .counts = {{"drop_unknown_client", 1}}};
}

struct SightingsFixture : test::StoreFixture {
    void note(const std::string& source, const Sighting& sighting) {
        must(store.sightings.note_sources(
            {
                {address(source), sighting}
        },
            now));
    }
    store::Page<SeenSource> sources(store::SeenSourceFilter filter = {}, store::PageRequest page = {0, 100}) {
        return must(store.sightings.sources(filter, page));
    }
    std::string names(store::SeenSourceFilter filter = {}, store::PageRequest page = {0, 100}) {
        std::string text;
        for (const auto& source : sources(filter, page).items)
            text += source.address.to_string() + " ";
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sightings, SightingsFixture)

BOOST_AUTO_TEST_CASE(what_several_daemons_saw_adds_up) {
    auto first = heard(now, 2);
    first.words = {"sends_class"};
    first.nas_identifier = "lobby-1";
    first.interim_interval = 300s;
    auto second = heard(now - 60s, 3);
    second.words = {"vendor_9"};
    second.nas = "hall";
    second.nas_id = 7;
    second.counts["repeats"] = 1;
    note("192.0.2.1", first);
    note("192.0.2.1", second);

    auto sum = first;
    store::add(sum, second);
    BOOST_TEST(sum.counts.at("access_requests") == 5U);
    BOOST_TEST((sum.first == now - 60s && sum.last == now));
    BOOST_REQUIRE_EQUAL(sources().items.size(), 1U);
    BOOST_CHECK(sources().items[0].sighting == sum);
}

BOOST_AUTO_TEST_CASE(the_last_seen_come_first_page_by_page) {
    note("192.0.2.1", heard(now - 3s));
    note("2001:db8::1", heard(now - 1s));
    note("203.0.113.9", dropped(now - 2s));
    BOOST_TEST(names() == "2001:db8::1 203.0.113.9 192.0.2.1 ");
    BOOST_TEST(names({}, {1, 1}) == "203.0.113.9 ");
    BOOST_TEST(names({}, {7, 1}).empty());
    BOOST_TEST(sources({}, {0, 1}).count == 3U);
    BOOST_TEST(names({.is_authentic = false}) == "203.0.113.9 ");
    BOOST_TEST(names({.is_authentic = true}) == "2001:db8::1 192.0.2.1 ");
    BOOST_TEST(names({.within = store::parse_network("192.0.2.0/24")}) == "192.0.2.1 ");
}

BOOST_AUTO_TEST_CASE(a_stranger_who_proves_himself_keeps_his_past_and_never_becomes_one_again) {
    note("192.0.2.1", dropped(now - 9s));
    note("192.0.2.1", heard(now - 5s));
    note("192.0.2.1", dropped(now));
    BOOST_TEST(names({.is_authentic = false}).empty());
    const auto seen = sources({.is_authentic = true}).items;
    BOOST_REQUIRE_EQUAL(seen.size(), 1U);
    BOOST_TEST(seen[0].sighting.counts.at("drop_unknown_client") == 2U);
    BOOST_TEST((seen[0].sighting.first == now - 9s));
    BOOST_TEST((seen[0].sighting.last_authentic == now - 5s));
    BOOST_TEST(redis({"HLEN", store::keys::seen_strangers}).integer() == 0);
}

BOOST_AUTO_TEST_CASE(of_too_many_strangers_the_oldest_go_and_no_known_source_does) {
    note("192.0.2.1", heard(now - 3600s));
    constexpr auto many = store::Sightings::strangers_max + 50;
    std::vector<SeenSource> flood;
    for (std::size_t i = 0; i < many; ++i) {
        const boost::asio::ip::address_v4 source(static_cast<std::uint32_t>(0x0a000000 + i));
        flood.push_back({source, dropped(now - std::chrono::seconds(many - i))});
    }
    must(store.sightings.note_sources(flood, now));
    BOOST_TEST(sources({.is_authentic = false}).count == store::Sightings::strangers_max);
    BOOST_TEST(redis({"HLEN", store::keys::seen_strangers}).integer() ==
               static_cast<std::int64_t>(store::Sightings::strangers_max));
    BOOST_TEST(names({.within = store::parse_network("10.0.0.0/32")}).empty());
    BOOST_TEST(names({.is_authentic = true}) == "192.0.2.1 ");
}

BOOST_AUTO_TEST_CASE(what_nobody_heard_of_for_long_is_forgotten) {
    note("192.0.2.1", heard(now - store::Sightings::sources_kept - 1s));
    note("192.0.2.2", heard(now - store::Sightings::strangers_kept - 1s));
    note("203.0.113.1", dropped(now - store::Sightings::strangers_kept - 1s));
    BOOST_TEST(names() == "192.0.2.2 ");
}

BOOST_AUTO_TEST_CASE(words_have_a_limit) {
    for (int i = 0; i < 5; ++i) {
        auto sighting = heard(now);
        for (int word = 0; word < 20; ++word)
            sighting.words.insert("vendor_" + std::to_string(100 * i + word));
        note("192.0.2.1", sighting);
    }
    BOOST_TEST(sources().items.at(0).sighting.words.size() == Sighting::words_max);
}

BOOST_AUTO_TEST_CASE(a_spoiled_text_is_written_anew) {
    note("192.0.2.1", heard(now));
    for (const auto* spoiled : {"nonsense", "7", "null", ""}) {
        redis({"HSET", store::keys::seen_sources, "192.0.2.1", spoiled});
        BOOST_TEST(sources().items.empty());
        note("192.0.2.1", heard(now, 3));
        BOOST_TEST(sources().items.at(0).sighting.counts.at("access_requests") == 3U);
    }
}

BOOST_AUTO_TEST_CASE(a_nas_is_known_by_its_id_until_it_is_removed) {
    must(store.sightings.note_nases(
        {
            {7, heard(now, 2)},
            {8, dropped(now)}
    },
        now));
    must(store.sightings.note_nases(
        {
            {7, heard(now, 3)}
    },
        now));
    const auto seen = must(store.sightings.of_nases({9, 7, 8}));
    BOOST_TEST(!seen[0].has_value());
    BOOST_TEST(seen[1]->counts.at("access_requests") == 5U);
    BOOST_TEST(!seen[2]->last_authentic.has_value());
    store.sightings.forget_nas(7);
    BOOST_TEST(!must(store.sightings.of_nases({7})).front().has_value());
    BOOST_TEST(must(store.sightings.of_nases({})).empty());
}

BOOST_AUTO_TEST_SUITE_END()

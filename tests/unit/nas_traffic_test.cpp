// NASes by class, and those that have fallen silent.
#include "daemon/nas_traffic.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::daemon {

namespace {

using radius::Sight;

constexpr NasTraffic::Time noon{std::chrono::seconds(1'700'000'000)};

radius::SourceSighting sighting(std::string client, std::vector<std::uint32_t> vendors = {},
                                std::optional<NasTraffic::Time> last = noon) {
    radius::SourceSighting seen;
    seen.client = std::move(client);
    seen.vendors = std::move(vendors);
    seen.last_authentic = last;
    seen[Sight::access_requests] = 2;
    return seen;
}

std::uint64_t requests(const NasTraffic::Reading& reading, std::string_view name) {
    const auto found = reading.packets.find(name);
    return found == reading.packets.end() ? 0
                                          : found->second[static_cast<std::size_t>(Sight::access_requests)];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nas_traffic)

BOOST_AUTO_TEST_CASE(a_nas_is_of_the_class_of_the_first_known_vendor_whose_attributes_it_sends) {
    constexpr std::uint32_t cisco = 9;
    constexpr std::uint32_t microsoft = 311;
    constexpr std::uint32_t mikrotik = 14988;
    NasTraffic traffic;
    traffic.add({sighting("a", {microsoft, cisco}), sighting("b", {cisco, mikrotik}), sighting("c"),
                 sighting("", {mikrotik}, std::nullopt)});
    traffic.add({sighting("a")});  // without any attribute of a vendor
    const auto reading = traffic.read(noon);
    BOOST_TEST(requests(reading, "cisco") == 4U);
    BOOST_TEST(requests(reading, "mikrotik") == 2U);
    BOOST_TEST(requests(reading, "other") == 2U);
    BOOST_TEST(requests(reading, "unknown") == 2U);
}

BOOST_AUTO_TEST_CASE(a_nas_is_missed_from_half_an_hour_to_a_day) {
    NasTraffic traffic;
    traffic.add({sighting("a"), sighting("b"), sighting("", {}, std::nullopt)});
    BOOST_TEST(traffic.read(noon).heard == 2U);
    BOOST_TEST(traffic.read(noon + NasTraffic::silent_after).silent == 0U);

    const auto later = noon + NasTraffic::silent_after + std::chrono::seconds(1);
    traffic.add({sighting("b", {}, later)});
    BOOST_TEST(traffic.read(later).silent == 1U);
    const auto next_day = traffic.read(noon + NasTraffic::forgotten_after + std::chrono::seconds(1));
    BOOST_TEST(next_day.heard == 1U);
    BOOST_TEST(next_day.silent == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon

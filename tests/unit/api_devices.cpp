// The devices of a user, from the sessions seen.
#include "api/device_info.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass;

namespace {

store::Session session(std::string device, std::int64_t started, std::int64_t updated, bool is_running) {
    store::Session made;
    made.details.calling_station_id = std::move(device);
    made.details.nas_identifier = "lobby";
    made.details.framed_ip_address = is_running ? "10.0.0.2" : "10.0.0.1";
    made.started = store::Time(store::Seconds(started));
    made.updated = store::Time(store::Seconds(updated));
    made.is_running = is_running;
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_devices)

BOOST_AUTO_TEST_CASE(sessions_of_one_device_are_shown_as_one) {
    const std::vector<store::Session> sessions{
        session("phone", 200, 260, true), session("laptop", 100, 150, false), session("phone", 0, 60, false)};
    BOOST_TEST(
        api::to_text(api::show_devices(sessions)) ==
        R"({"assigned_devices":[)"
        R"({"device_id":"phone","device_type":null,"nas":"lobby","ip_address":"10.0.0.2",)"
        R"("first_seen":"1970-01-01T00:00:00Z","last_seen":"1970-01-01T00:04:20Z","status":"active"},)"
        R"({"device_id":"laptop","device_type":null,"nas":"lobby","ip_address":"10.0.0.1",)"
        R"("first_seen":"1970-01-01T00:01:40Z","last_seen":"1970-01-01T00:02:30Z","status":"inactive"}],)"
        R"("device_count":2})");
}

BOOST_AUTO_TEST_CASE(a_session_without_a_calling_station_is_no_device) {
    const std::vector<store::Session> sessions{session("", 0, 60, true)};
    BOOST_TEST(api::to_text(api::show_devices(sessions)) == R"({"assigned_devices":[],"device_count":0})");
}

BOOST_AUTO_TEST_SUITE_END()

// Sessions in the API's words: how one is shown, and bounds in time.
#include "api/session_filter.hpp"
#include "api/session_record.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <ostream>

using namespace hourglass;
using namespace hourglass::api;
using namespace std::chrono_literals;

namespace {

struct BoundRow {
    std::string_view text;
    std::int64_t from;  // after 2024-01-02T00:00:00Z
    std::int64_t until;
};

std::ostream& operator<<(std::ostream& out, const BoundRow& row) {
    return out << row.text;
}

constexpr std::int64_t second_of_january = 1'704'153'600;

const auto bounds = std::to_array<BoundRow>({
    {"2024-01-02",                  0,  86399},
    {"2024-1-2",                    0,  86399},
    {"2024-01-02T00:00:05Z",        5,  5    },
    {"2024-01-02 00:00:05",         5,  5    },
    {"2024-01-02T00:01",            60, 60   },
    {"2024-01-02T02:00:00+02:00",   0,  0    },
    {"2024-01-02T02:00:00 02:00",   0,  0    }, // the "+" of a URL
    {"2024-01-01T18:30:00-0530",    0,  0    },
    {"2024-01-02T00:00:05.25Z",     6,  5    },
    {"2024-01-02T00:00:05.000000Z", 5,  5    },
});

store::UserSession session_of_ann() {
    store::UserSession each;
    each.username = "ann";
    each.organization = 7;
    auto& session = each.session;
    session.id = 17'825'794;
    session.user = 17;
    session.number = 2;
    session.session_id = "abc";
    session.is_running = true;
    session.session_time = 65s;
    session.charged = 60s;
    session.uncovered = 5s;
    session.input_octets = 3;
    session.output_octets = std::numeric_limits<std::uint64_t>::max();
    session.started = store::Time(1'700'000'000s);
    session.updated = store::Time(1'700'000'065s);
    session.details.nas_name = "lab";
    session.details.nas_identifier = "gate";
    session.details.nas_ip_address = "192.0.2.1";
    session.details.calling_station_id = "02-00";
    return each;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_sessions)

BOOST_DATA_TEST_CASE(a_bound_is_a_date_or_a_time, bounds) {
    const auto from = parse_bound(sample.text, Bound::from);
    const auto until = parse_bound(sample.text, Bound::until);
    BOOST_TEST_REQUIRE(from.has_value());
    BOOST_TEST_REQUIRE(until.has_value());
    BOOST_TEST(from->time_since_epoch().count() - second_of_january == sample.from);
    BOOST_TEST(until->time_since_epoch().count() - second_of_january == sample.until);
}

BOOST_AUTO_TEST_CASE(what_is_no_time_bounds_nothing) {
    for (const auto* text : {"x", "2024", "2024-13-01", "2024-02-30", "2024-01-02T25:00:00Z", "now", " "})
        BOOST_TEST(!parse_bound(text, Bound::from).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_running_session_shows_every_field_in_its_order) {
    BOOST_TEST(
        to_text(show_session(session_of_ann())) ==
        R"json({"radacctid":17825794,"username":"ann","user":17,"organization":7,"access_point":null,)json"
        R"json("location":null,"client":"lab","session_id":"abc","start_time":"2023-11-14T22:13:20Z",)json"
        R"json("end_time":null,"update_time":"2023-11-14T22:14:25Z","session_duration":65,"charged":60,)json"
        R"json("uncovered":5,"bytes_sent":18446744073709551615,"bytes_received":3,)json"
        R"json("session_status":"active","nas_ip_address":"192.0.2.1","nas_identifier":"gate",)json"
        R"json("calling_station_id":"02-00","called_station_id":null,"framed_ip_address":null,)json"
        R"json("terminate_cause":null,"attributes":null,"disconnect":null})json");
}

BOOST_AUTO_TEST_CASE(of_an_unknown_user_there_is_the_name_alone) {
    auto each = session_of_ann();
    each.session.user = 0;
    each.organization = store::unknown_organization;
    each.session.is_running = false;
    each.session.ended = store::Time(1'700'000'070s);
    const auto shown = show_session(each);
    BOOST_TEST(shown.at("username") == "ann");
    BOOST_TEST(shown.at("user").is_null());
    BOOST_TEST(shown.at("organization").is_null());
    BOOST_TEST(shown.at("session_status") == "completed");
    BOOST_TEST(shown.at("end_time") == "2023-11-14T22:14:30Z");
    BOOST_TEST(shown.at("disconnect").is_null());
}

BOOST_AUTO_TEST_CASE(a_disconnect_shows_what_became_of_it_when_and_by_whom) {
    auto each = session_of_ann();
    each.disconnect = {.outcome = store::DisconnectOutcome::refused,
                       .requested_at = store::Time(1'700'000'000s),
                       .by = "token 3 (desk)",
                       .reason = "requested",
                       .attempts = 2,
                       .answered_at = store::Time(1'700'000'001s),
                       .error_cause = 501};
    BOOST_TEST(to_text(show_session(each).at("disconnect")) ==
               R"json({"outcome":"refused","requested_at":"2023-11-14T22:13:20Z","by":"token 3 (desk)",)json"
               R"json("reason":"requested","attempts":2,"answered_at":"2023-11-14T22:13:21Z",)json"
               R"json("error_cause":501})json");
}

BOOST_AUTO_TEST_CASE(an_acknowledged_end_is_confirmed_when_the_session_is_over) {
    auto each = session_of_ann();
    each.disconnect = {.outcome = store::DisconnectOutcome::acknowledged,
                       .requested_at = store::Time(1'700'000'000s)};
    BOOST_TEST(show_session(each).at("disconnect").at("outcome") == "acknowledged");
    each.session.is_running = false;
    each.session.ended = store::Time(1'700'000'070s);
    BOOST_TEST(show_session(each).at("disconnect").at("outcome") == "confirmed");
}

BOOST_AUTO_TEST_SUITE_END()

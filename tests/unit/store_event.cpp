// Events as texts: their JSON and their ids.
#include "store/event.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace hourglass::store;
using namespace std::chrono_literals;

namespace {

// As a listener gets it: packed, kept, taken out again.
std::string json_of(const Event& event) {
    std::string batch;
    pack(batch, event);
    std::string_view left = batch;
    const auto packed = take_event(left);
    BOOST_TEST_REQUIRE(packed.has_value());
    BOOST_TEST(left.empty());
    return to_json(*packed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_event)

BOOST_AUTO_TEST_CASE(an_event_is_one_line_with_every_field) {
    Event event;
    event.type = EventType::stop;
    event.time = Time(1'700'000'000s);
    event.user = 17;
    event.username = "ann";
    event.organization = 3;
    event.nas = "lab";
    event.session_id = "s1";
    event.seconds = 60s;
    event.balance = 3540s;
    event.reason = "User-Request";
    BOOST_TEST(json_of(event) ==
               R"({"type":"stop","time":"2023-11-14T22:13:20Z","user":17,"username":"ann","organization":3,)"
               R"("nas":"lab","session_id":"s1","calling_station_id":null,"seconds":60,"balance":3540,)"
               R"("reason":"User-Request"})");
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_null) {
    const auto json = nlohmann::json::parse(json_of(Event()));
    for (const auto* field : {"user", "username", "organization", "nas", "seconds", "balance", "reason"})
        BOOST_TEST(json.at(field).is_null(), field);
    BOOST_TEST(json.at("time") == "1970-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_name_of_any_octets_is_valid_json_on_one_line) {
    using namespace std::string_literals;
    for (const auto& name :
         {"a\"b\\c"s, "two\nlines\r"s, "\xff\xfe"s, "gr\xc3\xbc\xc3\x9f"s, "nul\0inside"s, "\x7f"s}) {
        Event event;
        event.username = name;
        const auto text = json_of(event);
        BOOST_TEST(text.find_first_of("\r\n") == text.npos);
        BOOST_TEST(nlohmann::json::accept(text), text);
    }
}

BOOST_AUTO_TEST_CASE(a_batch_is_taken_apart_in_its_order_and_garbage_is_none) {
    std::string batch;
    for (const auto* name : {"ann", "3:x 7 ", ""}) {
        Event event;
        event.username = name;
        event.seconds = -60s;
        pack(batch, event);
    }
    std::string_view left = batch;
    BOOST_TEST(take_event(left)->event.username == "ann");
    BOOST_TEST(take_event(left)->event.username == "3:x 7 ");
    const auto last = take_event(left);
    BOOST_TEST(last->event.username.empty());
    BOOST_TEST((last->event.seconds == -60s));
    BOOST_TEST(!last->event.balance.has_value());
    BOOST_TEST(left.empty());
    for (std::size_t octets = 1; octets < batch.size() / 3; ++octets) {
        std::string_view cut = std::string_view(batch).substr(0, octets);
        BOOST_TEST(!take_event(cut).has_value());
    }
}

BOOST_AUTO_TEST_CASE(each_type_has_its_name) {
    BOOST_TEST(name_of(EventType::login) == "login");
    BOOST_TEST(name_of(EventType::anomaly) == "anomaly");
    BOOST_TEST(is_event_type("low_balance"));
    BOOST_TEST(!is_event_type("Login"));
    BOOST_TEST(!is_event_type(""));
}

BOOST_AUTO_TEST_CASE(ids_are_read_as_they_are_written_and_sort_by_time) {
    const EventId id{1'700'000'000'000, 2, 13};
    BOOST_TEST(to_text(id) == "1700000000000-2.13");
    BOOST_TEST((parse_event_id(to_text(id)) == id));
    BOOST_TEST((parse_event_id("0") == EventId()));
    BOOST_TEST((EventId{1, 2, 3} < EventId{1, 2, 4}));
    BOOST_TEST((EventId{1, 2, 9} < EventId{1, 3, 0}));
    BOOST_TEST((EventId{1, 9, 9} < EventId{2, 0, 0}));
    for (const auto* text : {"", "1", "1-2", "1.2", "1.2-3", "-1-2.3", "1-2.3 ", "a-b.c", "1-2.4294967296"})
        BOOST_TEST(!parse_event_id(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

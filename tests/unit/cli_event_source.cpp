// A stream of events as the tool reads it, however it is cut into pieces.
#include "cli/event_source.hpp"
#include "cli/failure.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;

BOOST_AUTO_TEST_SUITE(cli_event_source)

BOOST_AUTO_TEST_CASE(events_are_the_same_wherever_the_stream_is_cut) {
    const std::string stream =
        "retry: 2000\nid: 1-0.0\n\nid: 1-0.1\nevent: login\ndata: {\"a\":1}\n\n:\n\nevent: "
        "gap\r\ndata:x\r\ndata: y\r\n\r\n";
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        EventSource source;
        std::vector<ServerEvent> events;
        for (std::size_t i = 0; i < stream.size(); i += piece) {
            for (auto& event : source.take(std::string_view(stream).substr(i, piece)))
                events.push_back(std::move(event));
        }
        BOOST_TEST_REQUIRE(events.size() == 2U);
        BOOST_TEST(events[0].type == "login");
        BOOST_TEST(events[0].data == "{\"a\":1}");
        BOOST_TEST(events[1].type == "gap");
        BOOST_TEST(events[1].data == "x\ny");
        BOOST_TEST(source.last_event_id() == "1-0.1");
    }
}

BOOST_AUTO_TEST_CASE(an_id_counts_before_the_first_event) {
    EventSource source;
    BOOST_TEST(source.take("id: 7-0.0\n\n").empty());
    BOOST_TEST(source.last_event_id() == "7-0.0");
}

BOOST_AUTO_TEST_CASE(half_an_event_is_none_and_does_not_move_the_place) {
    EventSource source;
    source.take("id: 7-0.0\n\nid: 8-0.0\nevent: login\nda");
    source.restart();
    BOOST_TEST(source.last_event_id() == "7-0.0");
    const auto events = source.take("id: 8-0.0\nevent: login\ndata: x\n\n");
    BOOST_TEST_REQUIRE(events.size() == 1U);
    BOOST_TEST(events.front().data == "x");
}

BOOST_AUTO_TEST_CASE(a_line_without_end_is_refused) {
    EventSource source;
    BOOST_CHECK_THROW(source.take(std::string(event_octets_max + 1, 'x')), Failure);
}

BOOST_AUTO_TEST_SUITE_END()

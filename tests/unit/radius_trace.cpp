// Who watches is told what he asked for, and costs nobody else anything.
#include "nas/packet.hpp"
#include "radius/exchange_trace.hpp"
#include "radius/request_handler.hpp"
#include "store/store.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/radius_packets.hpp"
#include "tests/support/run.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using boost::asio::ip::make_address;
using Fate = TracedPacket::Fate;

constexpr auto secret = "testing123";

std::shared_ptr<const Snapshot> snapshot() {
    Client lab{.name = "lab", .network = make_address("192.0.2.0"), .prefix_length = 24, .secret = secret};
    Client hall{
        .name = "hall", .network = make_address("198.51.100.7"), .prefix_length = 32, .secret = secret};
    return std::make_shared<const Snapshot>(Snapshot{Clients({std::move(lab), std::move(hall)}), {}, {}, {}});
}

TracedPacket packet_of(const char* user) {
    static const auto served_by = snapshot();
    const auto address = make_address("192.0.2.1");
    return {
        .time = {},
        .nas = {address, 1645},
        .snapshot = served_by,
        .client = served_by->clients.find(address),
        .packet = test::packet(Code::access_request, {test::attribute(attr::user_name, user)}
          )
    };
}

std::vector<std::uint8_t> status_server(const char* signed_with) {
    return nas::Request(nas::Code::status_server, 7, nas::Authenticator{}).sign(nas::Secret(signed_with));
}

// A worker without a store, whose packets are watched.
struct Worker {
    boost::asio::io_context loop;
    test::QuietLog log;
    Counters counters;
    Trace trace;
    const store::SecretBox secrets{store::SecretBox::Key{}};
    store::Store store{loop, store::RedisAddress::parse("unix:///nonexistent"), secrets, log};
    RequestHandler handler{loop,     store, nullptr, snapshot(), [](const LearnedFact&) {},
                           counters, log,   &trace};
    Listener listener{
        {make_address("127.0.0.1"), 0},
        loop, counters, Port::authentication, 0
    };

    void serve(const std::vector<std::uint8_t>& bytes, const char* source) {
        test::run(loop, serve_to_the_end({
                            bytes,
                            {make_address(source), 50'000},
                            make_address("127.0.0.1"),
                            std::chrono::system_clock::now()
        }));
    }

private:
    awaitable<bool> serve_to_the_end(Datagram datagram) {
        auto rest = handler.serve(datagram, listener);
        if (rest) co_await *std::move(rest);
        co_return true;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(radius_trace)

BOOST_AUTO_TEST_CASE(a_filter_admits_what_was_asked_for) {
    struct Row {
        const char* what;
        TraceFilter filter;
        bool lab_ann;
        bool lab_nobody;
        bool hall_ann;
        bool stranger;
    };
    const auto lab = make_address("192.0.2.1");
    const auto hall = make_address("198.51.100.7");
    const auto stranger = make_address("203.0.113.9");
    for (const auto& row : std::to_array<Row>({
             {"everything",    {},                              true,  true,  true,  false},
             {"a user",        {.user = "ann"},                 true,  false, true,  false},
             {"another case",  {.user = "Ann"},                 false, false, false, false},
             {"a NAS",         {.nas = "lab"},                  true,  true,  false, false},
             {"both",          {.user = "ann", .nas = "hall"},  false, false, true,  false},
             {"an address",    {.address = lab},                true,  true,  false, false},
             {"a stranger",    {.address = stranger},           false, false, false, true },
             {"user, address", {.user = "ann", .address = lab}, true,  false, false, false},
    })) {
        BOOST_TEST(row.filter.admits({lab, "lab", "ann"}) == row.lab_ann, row.what);
        BOOST_TEST(row.filter.admits({lab, "lab", ""}) == row.lab_nobody, row.what);
        BOOST_TEST(row.filter.admits({hall, "hall", "ann"}) == row.hall_ann, row.what);
        BOOST_TEST(row.filter.admits({stranger, "", ""}) == row.stranger, row.what);
    }
}

BOOST_AUTO_TEST_CASE(a_full_queue_leaves_out_the_newest_and_counts_them) {
    Trace trace;
    const auto watcher = trace.watch({});
    for (std::size_t i = 0; i < Trace::queued_packets_max + 3; ++i)
        trace.tell(packet_of("ann"));
    const auto first = watcher->take(1);
    BOOST_TEST(first.packets.size() == 1U);
    BOOST_TEST(first.left_out == 0U);
    trace.tell(packet_of("late"));  // there is room, but it would stand among those left out
    const auto rest = watcher->take(Trace::queued_packets_max);
    BOOST_TEST(rest.packets.size() == Trace::queued_packets_max - 1);
    BOOST_TEST(rest.left_out == 4U);
    trace.tell(packet_of("ann"));
    const auto next = watcher->take(10);
    BOOST_TEST(next.packets.size() == 1U);
    BOOST_TEST(next.left_out == 0U);
}

BOOST_AUTO_TEST_CASE(watchers_have_queues_of_their_own_and_there_is_a_most_of_them) {
    Trace trace;
    BOOST_TEST(!trace.is_watched());
    std::vector<std::unique_ptr<Trace::Watcher>> watchers;
    for (std::size_t i = 0; i < Trace::watchers_max; ++i)
        watchers.push_back(trace.watch({.user = i == 0 ? "ann" : "ben"}));
    BOOST_TEST(!trace.watch({}));
    trace.tell(packet_of("ann"));
    BOOST_TEST(watchers[0]->take(10).packets.size() == 1U);
    BOOST_TEST(watchers[1]->take(10).packets.empty());
    watchers.clear();
    BOOST_TEST(!trace.is_watched());
    BOOST_TEST(!!trace.watch({}));
}

BOOST_AUTO_TEST_CASE(what_is_dropped_is_told_with_its_reason) {
    Worker worker;
    const auto watcher = worker.trace.watch({});
    worker.serve(status_server("another secret"), "192.0.2.1");
    worker.serve({1, 2, 3}, "192.0.2.1");
    const auto news = watcher->take(10).packets;
    BOOST_TEST_REQUIRE(news.size() == 2U);
    BOOST_TEST((news[0]->fate == Fate::dropped));
    BOOST_TEST((news[0]->drop == Error::bad_message_authenticator));
    BOOST_TEST(news[0]->client->name == "lab");
    BOOST_TEST((news[1]->drop == Error::malformed));
}

BOOST_AUTO_TEST_CASE(an_answer_and_its_repeat_are_told_with_the_reply) {
    Worker worker;
    const auto watcher = worker.trace.watch({.nas = "lab"});
    const auto request = status_server(secret);
    worker.serve(request, "192.0.2.1");
    worker.serve(request, "192.0.2.1");
    worker.serve(status_server(secret), "198.51.100.7");
    const auto news = watcher->take(10).packets;
    BOOST_TEST_REQUIRE(news.size() == 2U);
    BOOST_TEST((news[0]->fate == Fate::answered));
    BOOST_TEST((news[1]->fate == Fate::repeated));
    BOOST_TEST(news[0]->packet == request, boost::test_tools::per_element());
    BOOST_TEST(news[0]->reply == news[1]->reply, boost::test_tools::per_element());
    BOOST_TEST((decode(news[0]->reply)->code() == Code::access_accept));
}

BOOST_AUTO_TEST_CASE(a_stranger_is_shown_to_those_who_ask_for_his_address) {
    Worker worker;
    const auto everything = worker.trace.watch({});
    const auto stranger = worker.trace.watch({.address = make_address("203.0.113.9")});
    worker.serve(status_server(secret), "203.0.113.9");
    BOOST_TEST(everything->take(10).packets.empty());
    const auto news = stranger->take(10).packets;
    BOOST_TEST_REQUIRE(news.size() == 1U);
    BOOST_TEST((news[0]->drop == Error::unknown_client));
    BOOST_TEST(news[0]->client == nullptr);
}

BOOST_AUTO_TEST_CASE(a_disconnect_request_is_told_as_it_leaves_and_with_its_answer) {
    Trace trace;
    ExchangeTrace exchanges(&trace);
    const auto lab = boost::asio::ip::udp::endpoint(make_address("192.0.2.1"), 3799);
    const dynamic_authorization::Exchanges::Transmission request{
        .nas = lab,
        .source = 3,
        .bytes = test::packet(Code::disconnect_request, {test::attribute(attr::user_name, "ann")}),
        .kind = dynamic_authorization::Kind::disconnect};
    const auto answer = test::packet(Code::disconnect_ack, {});
    exchanges.note_request(request, snapshot());  // before anybody watches
    const auto of_ann = trace.watch({.user = "ann"});
    exchanges.note_answer(answer, lab, request.source, snapshot());
    exchanges.note_request(request, snapshot());
    exchanges.note_answer(answer, lab, request.source + 1, snapshot());
    exchanges.note_answer(answer, lab, request.source, snapshot());
    exchanges.note_answer(answer, lab, request.source, snapshot());
    const auto news = of_ann->take(10).packets;
    BOOST_TEST_REQUIRE(news.size() == 2U);
    BOOST_TEST((news[0]->fate == Fate::sent));
    BOOST_TEST(news[0]->reply.empty());
    BOOST_TEST((news[1]->fate == Fate::received));
    BOOST_TEST(news[1]->packet == request.bytes, boost::test_tools::per_element());
    BOOST_TEST(news[1]->reply == answer, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius

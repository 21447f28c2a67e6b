// A NAS whose clock is wrong makes an anomaly with each of its reports. Listeners hear of some of them.
#include "radius/packet_writer.hpp"
#include "radius/request_handler.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using radius::RequestHandler;

namespace {

constexpr auto secret = "testing123";
constexpr std::uint32_t interim = 3;
constexpr int reports_a_second = 2 * RequestHandler::told_anomalies_per_second_max;

std::shared_ptr<const radius::Snapshot> snapshot() {
    radius::Client lab{.name = "lab",
                       .network = boost::asio::ip::make_address("127.0.0.0"),
                       .prefix_length = 8,
                       .secret = secret};
    return std::make_shared<const radius::Snapshot>(
        radius::Snapshot{radius::Clients({std::move(lab)}), {}, {}, {}});
}

struct HurriedNas : test::StoreFixture {
    HurriedNas() { make_user("alice", 1'000'000'000s); }

    // Each claims an hour more than the one before.
    void report(std::chrono::seconds at) {
        const radius::SharedSecret shared{secret};
        radius::PacketWriter writer(radius::Code::accounting_request, static_cast<std::uint8_t>(++reports),
                                    radius::Signature::response_authenticator);
        writer.add(radius::attr::acct_status_type, interim);
        writer.add(radius::attr::user_name, "alice");
        writer.add(radius::attr::acct_session_id, "s1");
        writer.add(radius::attr::acct_session_time, reports * 3600);
        const auto octets = writer.sign_request(shared).value();
        const auto address = boost::asio::ip::make_address("127.0.0.1");
        const radius::Datagram datagram{
            .bytes = octets, .peer = {address, 9},
                 .local = address, .received_at = now + at
        };
        auto rest = handler.serve(datagram, listener);
        BOOST_REQUIRE(rest);
        run(to_the_end(*std::move(rest)));
    }

    std::ptrdiff_t told() {
        run(finish_events());
        const auto events = must(store.events.read_after({}, 1000));
        return std::ranges::count(events, "anomaly", &store::StoredEvent::type);
    }

    static awaitable<bool> to_the_end(awaitable<void> rest) {
        co_await std::move(rest);
        co_return true;
    }
    awaitable<bool> finish_events() {
        co_await store.events.finish();
        const auto pinged = co_await store.redis.execute(store::Pipeline().add({"PING"}));
        co_return pinged.has_value();
    }

    std::uint32_t reports = 0;
    test::QuietLog log;
    radius::Counters counters;
    RequestHandler handler{loop,     store, nullptr, snapshot(), [](const radius::LearnedFact&) {},
                           counters, log};
    radius::Listener listener{
        {boost::asio::ip::make_address("127.0.0.1"), 0},
        loop, counters, radius::Port::accounting, 0
    };
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(told_anomalies, HurriedNas)

BOOST_AUTO_TEST_CASE(a_hurried_nas_is_told_of_so_often_a_second_and_counted_always) {
    report(0s);  // opens the session
    for (int i = 0; i < reports_a_second; ++i)
        report(0s);
    BOOST_TEST(told() == RequestHandler::told_anomalies_per_second_max);
    BOOST_TEST(counters.accounting_time_jumped.get() == std::uint64_t{reports_a_second});

    report(1s);
    BOOST_TEST(told() == RequestHandler::told_anomalies_per_second_max + 1);
}

BOOST_AUTO_TEST_SUITE_END()

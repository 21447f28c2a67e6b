// The stream of events: kept in order, resumed anywhere, and trimmed.
#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::EventId;
using store::EventType;

namespace {

constexpr std::uint64_t all_batches = 100'000;

struct EventsFixture : test::StoreFixture {
    void publish(EventType type, store::OrganizationId organization = 1) {
        store::Event event;
        event.type = type;
        event.time = now;
        event.organization = organization;
        store.events.publish(event);
    }
    void publish_batches(std::size_t count) {
        for (std::size_t i = 0; i < count * store::Events::batch_events_max; ++i)
            publish(EventType::login);
        settle();
    }
    void settle() { run(finish()); }
    std::vector<store::StoredEvent> read_after(const EventId& position) {
        return must(store.events.read_after(position, all_batches));
    }
    std::vector<std::string> types_after(const EventId& position) {
        std::vector<std::string> types;
        for (auto& event : read_after(position))
            types.push_back(std::move(event.type));
        return types;
    }

private:
    awaitable<bool> finish() {
        co_await store.events.finish();
        const auto pinged = co_await store.redis.execute(store::Pipeline().add({"PING"}));
        co_return pinged.has_value();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(events, EventsFixture)

BOOST_AUTO_TEST_CASE(nothing_is_kept_before_the_first_event) {
    const auto kept = must(store.events.kept());
    BOOST_TEST((kept.oldest == EventId()));
    BOOST_TEST((kept.newest == EventId()));
    BOOST_TEST(read_after({}).empty());
}

BOOST_AUTO_TEST_CASE(events_leave_together_and_are_read_in_their_order) {
    publish(EventType::login, 1);
    publish(EventType::reject, 0);
    publish(EventType::start, 2);
    settle();
    BOOST_TEST(redis({"XLEN", store::keys::events}).integer() == 1);
    const auto events = read_after({});
    BOOST_TEST_REQUIRE(events.size() == 3U);
    BOOST_TEST(events[0].type == "login");
    BOOST_TEST(events[0].organization == 1);
    BOOST_TEST(events[1].type == "reject");
    BOOST_TEST(events[1].organization == 0);
    BOOST_TEST(events[2].type == "start");
    BOOST_TEST(events[2].json.starts_with(R"({"type":"start",)"));
    BOOST_TEST((events[0].id < events[1].id));
    BOOST_TEST((events[1].id < events[2].id));
    BOOST_TEST(store.events.published() == 3U);
    BOOST_TEST(store.events.dropped() == 0U);
}

BOOST_AUTO_TEST_CASE(reading_resumes_within_a_batch_and_behind_it) {
    publish(EventType::login);
    publish(EventType::start);
    settle();
    publish(EventType::stop);
    settle();
    const auto events = read_after({});
    BOOST_TEST_REQUIRE(events.size() == 3U);
    BOOST_TEST((types_after(events[0].id) == std::vector<std::string>{"start", "stop"}));
    BOOST_TEST((types_after(events[1].id) == std::vector<std::string>{"stop"}));
    BOOST_TEST(types_after(events[2].id).empty());
    const auto kept = must(store.events.kept());
    BOOST_TEST((kept.oldest == events[0].id));
    BOOST_TEST((kept.newest == events[2].id));
}

BOOST_AUTO_TEST_CASE(a_full_batch_leaves_at_once_and_others_by_themselves) {
    for (std::size_t i = 0; i < store::Events::batch_events_max; ++i)
        publish(EventType::login);
    publish(EventType::stop);
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (types_after({}).size() <= store::Events::batch_events_max &&
           std::chrono::steady_clock::now() < deadline)
        loop.run_for(10ms);
    BOOST_TEST(types_after({}).back() == "stop");
    BOOST_TEST(redis({"XLEN", store::keys::events}).integer() == 2);
}

BOOST_AUTO_TEST_CASE(the_stream_is_trimmed_to_about_what_is_kept) {
    const auto more = store::event_batches_kept + 400;
    for (std::uint64_t i = 0; i < more; ++i)
        redis({"XADD", store::keys::events, "*", "e", ""});
    publish(EventType::stop);
    settle();
    const auto batches = static_cast<std::uint64_t>(redis({"XLEN", store::keys::events}).integer());
    BOOST_TEST(batches >= store::event_batches_kept);
    BOOST_TEST(batches < store::event_batches_kept + 200);
}

BOOST_AUTO_TEST_CASE(what_redis_cannot_take_is_dropped_and_counted) {
    store.redis.stop();
    publish(EventType::login);
    publish(EventType::login);
    loop.restart();
    loop.run_for(store::Events::batch_delay_max * 5);
    BOOST_TEST(store.events.dropped() == 2U);
    BOOST_TEST(store.events.published() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

// What listeners are told: everything once and in order, from where they were; and what becomes of slow ones.
#include "api/event_listener.hpp"

#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

#include <regex>

using namespace hourglass;
using namespace std::chrono_literals;
using store::EventId;
using store::EventType;

namespace {

// A client who takes what he is sent, or for a while does not.
class Client : public api::BodyWriter {
public:
    explicit Client(boost::asio::io_context& loop)
        : gate_(loop, boost::asio::steady_timer::time_point::max()) {}

    awaitable<bool> write(std::string piece) override {
        text_ += piece;
        if (is_stuck_) co_await gate_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return is_wanted_;
    }
    bool is_wanted() const override { return is_wanted_; }

    void stop_reading() { is_stuck_ = true; }
    void read_again() {
        is_stuck_ = false;
        gate_.cancel();
    }
    void leave() { is_wanted_ = false; }

    // "login stop": the types he was told, notices among them.
    std::string told() const {
        std::string types;
        const std::regex type("event: ([a-z_]+)\n");
        for (std::sregex_iterator match(text_.begin(), text_.end(), type), end; match != end; ++match)
            types += (types.empty() ? "" : " ") + (*match)[1].str();
        return types;
    }
    const std::string& text() const { return text_; }

private:
    boost::asio::steady_timer gate_;
    std::string text_;
    bool is_stuck_ = false;
    bool is_wanted_ = true;
};

struct ListenersFixture : test::StoreFixture {
    ~ListenersFixture() {
        feed.stop();
        for (const auto& client : clients) {
            client->leave();
            client->read_again();
        }
        run_until([&] { return listening == 0; });
    }

    void publish(EventType type, store::OrganizationId organization = 1) {
        store::Event event;
        event.type = type;
        event.organization = organization;
        store.events.publish(event);
    }
    void settle() { run(finish()); }

    Client& listen(EventId position, api::EventFilter filter = {}) {
        clients.push_back(std::make_unique<Client>(loop));
        auto listener =
            std::make_shared<api::EventListener>(feed, store.events, std::move(filter), position, may_listen);
        ++listening;
        boost::asio::co_spawn(loop, tell(listener, *clients.back()), [this](const std::exception_ptr& bug) {
            --listening;
            BOOST_TEST(!bug);
        });
        return *clients.back();
    }
    void expect_told(const Client& client, const std::string& types) {
        run_until([&] { return client.told().size() >= types.size(); });
        BOOST_TEST(client.told() == types);
    }
    template <class Condition>
    bool run_until(Condition is_met) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        loop.restart();
        while (!is_met() && std::chrono::steady_clock::now() < deadline)
            loop.run_for(5ms);
        return is_met();
    }
    EventId newest() { return must(store.events.kept()).newest; }

    api::EventFeed feed{loop, store.events, log};
    std::vector<std::unique_ptr<Client>> clients;
    int listening = 0;

private:
    static awaitable<void> tell(std::shared_ptr<api::EventListener> listener, Client& client) {
        co_await listener->tell(client);
    }
    static awaitable<bool> may_listen() { co_return true; }
    awaitable<bool> finish() {
        co_await store.events.finish();
        const auto pinged = co_await store.redis.execute(store::Pipeline().add({"PING"}));
        co_return pinged.has_value();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_listener, ListenersFixture)

BOOST_AUTO_TEST_CASE(whoever_begins_to_listen_hears_what_comes_from_then_on) {
    publish(EventType::login);
    settle();
    const auto& ann = listen(newest());
    const auto& ben = listen(newest(), {.types = {"stop"}});
    run_until([&] { return feed.covers(newest()); });
    publish(EventType::start);
    publish(EventType::stop);
    settle();
    expect_told(ann, "start stop");
    expect_told(ben, "stop");
    publish(EventType::reject);
    settle();
    expect_told(ann, "start stop reject");
    BOOST_TEST(feed.listeners() == 2U);
}

BOOST_AUTO_TEST_CASE(whoever_comes_again_hears_what_he_missed_once_and_then_the_rest) {
    publish(EventType::login);
    publish(EventType::start);
    settle();
    publish(EventType::stop);
    settle();
    const auto first = must(store.events.read_after({}, 1)).front().id;
    const auto& ann = listen(first);
    expect_told(ann, "start stop");
    const auto& ben = listen({});
    expect_told(ben, "login start stop");
    publish(EventType::reject);
    settle();
    expect_told(ann, "start stop reject");
    expect_told(ben, "login start stop reject");
}

BOOST_AUTO_TEST_CASE(a_gap_is_told_before_the_oldest_that_is_kept) {
    publish(EventType::login);
    settle();
    const auto first = newest();
    publish(EventType::start);
    settle();
    redis({"XTRIM", store::keys::events, "MAXLEN", "1"});
    publish(EventType::stop);
    settle();
    expect_told(listen(first), "gap start stop");
}

BOOST_AUTO_TEST_CASE(an_id_from_beyond_the_newest_is_a_gap_too) {
    publish(EventType::login);
    settle();
    auto beyond = newest();
    beyond.milliseconds += 1'000'000;
    const auto& ann = listen(beyond);
    expect_told(ann, "gap");
    publish(EventType::stop);
    settle();
    expect_told(ann, "gap stop");
}

BOOST_AUTO_TEST_CASE(a_slow_reader_is_dropped_while_others_go_on) {
    publish(EventType::login);
    settle();
    auto& slow = listen(newest());
    const auto& quick = listen(newest(), {.types = {"stop"}});
    BOOST_TEST_REQUIRE(run_until([&] { return feed.covers(newest()); }));
    publish(EventType::start);
    settle();
    expect_told(slow, "start");
    slow.stop_reading();
    publish(EventType::start);
    settle();
    expect_told(slow, "start start");  // on its way to him, and there it stays

    const auto place = newest();
    for (std::size_t i = 0; i < api::EventFeed::recent_events_max + 1; ++i)
        publish(EventType::login);
    publish(EventType::stop);
    settle();
    expect_told(quick, "stop");
    BOOST_TEST(run_until([&] { return !feed.covers(place); }));
    slow.read_again();
    expect_told(slow, "start start dropped");
    BOOST_TEST(run_until([&] { return listening == 1; }));
    BOOST_TEST(feed.dropped_listeners() == 1U);
}

BOOST_AUTO_TEST_CASE(a_listener_whom_redis_left_goes_on_where_he_was) {
    publish(EventType::login);
    settle();
    const auto& ann = listen(newest());
    BOOST_TEST_REQUIRE(run_until([&] { return feed.covers(newest()); }));
    redis({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"});
    BOOST_TEST_REQUIRE(run_until([&] { return store.redis.reconnects() == 1; }));
    publish(EventType::stop);
    settle();
    expect_told(ann, "stop");
}

BOOST_AUTO_TEST_SUITE_END()

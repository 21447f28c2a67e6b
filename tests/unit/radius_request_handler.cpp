// What becomes of a request when the code that serves it fails.
#include "nas/packet.hpp"
#include "radius/request_handler.hpp"
#include "store/store.hpp"
#include "tests/support/radius_packets.hpp"
#include "tests/support/run.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;

// Stands for any bug behind serve().
class FailingLog : public Log {
public:
    bool is_enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {
        throw std::runtime_error("a bug");
    }
};

// Counts lines, and keeps what the last one said of others.
class CountingLog : public Log {
public:
    bool is_enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view, std::initializer_list<LogField> fields) override {
        ++lines;
        for (const auto& field : fields) {
            if (field.name == "not_logged" && !field.value.empty()) not_logged = field.value;
        }
    }

    int lines = 0;
    std::string not_logged;
};

std::shared_ptr<const Snapshot> snapshot() {
    Client lab{.name = "lab",
               .network = boost::asio::ip::make_address("127.0.0.1"),
               .prefix_length = 32,
               .secret = "testing123",
               .require_message_authenticator = Requirement::no};
    return std::make_shared<const Snapshot>(Snapshot{Clients({std::move(lab)}), {}, {}, {}});
}

awaitable<bool> fails(RequestHandler& handler, Listener& listener) {
    const auto address = boost::asio::ip::make_address("127.0.0.1");
    const auto octets = test::packet(Code::access_request, {});
    const Datagram datagram{
        octets, {address, 50000},
         address, {}
    };
    try {
        auto rest = handler.serve(datagram, listener);
        if (rest) co_await *std::move(rest);
    } catch (const std::runtime_error&) {
        co_return true;
    }
    co_return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(radius_request_handler)

BOOST_AUTO_TEST_CASE(a_request_that_ended_in_an_exception_is_served_afresh_when_repeated) {
    boost::asio::io_context loop;
    FailingLog log;
    Counters counters;
    const store::SecretBox secrets{store::SecretBox::Key{}};
    store::Store store(loop, store::RedisAddress::parse("unix:///nonexistent"), secrets, log);
    RequestHandler handler(loop, store, nullptr, snapshot(), [](const LearnedFact&) {}, counters, log);
    Listener listener({boost::asio::ip::make_address("127.0.0.1"), 0}, loop, counters, Port::authentication,
                      0);
    BOOST_TEST(test::run(loop, fails(handler, listener)));
    BOOST_TEST(test::run(loop, fails(handler, listener)));
    BOOST_TEST(counters.duplicates_in_progress.get() == 0U);
}

struct Handling {
    boost::asio::io_context loop;
    CountingLog log;
    Counters counters;
    store::SecretBox secrets{store::SecretBox::Key{}};
    store::Store store{loop, store::RedisAddress::parse("unix:///nonexistent"), secrets, log};
    RequestHandler handler{loop, store, nullptr, snapshot(), [](const LearnedFact&) {}, counters, log};
    Listener listener{
        {boost::asio::ip::make_address("127.0.0.1"), 0},
        loop, counters, Port::authentication, 0
    };
};

BOOST_FIXTURE_TEST_CASE(only_an_address_of_a_nas_is_known, Handling) {
    const auto is_known = [&](const char* address) {
        const auto before = counters.drop_unknown_client.get();
        const Datagram empty{
            {},
            {boost::asio::ip::make_address(address), 50000},
            {},
            {}
        };
        BOOST_TEST(!handler.serve(empty, listener));
        return counters.drop_unknown_client.get() == before;
    };
    BOOST_TEST(is_known("127.0.0.1"));
    BOOST_TEST(is_known("::ffff:127.0.0.1"));
    BOOST_TEST(!is_known("127.0.0.2"));
    BOOST_TEST(!is_known("::1"));
}

struct Asking : Handling {
    // An Access-Request that says nothing, which is a reject to wait for, and a Status-Server.
    test::Octets login = test::packet(Code::access_request, {});
    test::Octets status =
        nas::Request(nas::Code::status_server, 7, nas::Authenticator{}).sign(nas::Secret("testing123"));

    Datagram asked(const test::Octets& octets) const {
        const auto address = boost::asio::ip::make_address("127.0.0.1");
        return {
            octets, {address, 50000},
             address, {}
        };
    }
};

BOOST_FIXTURE_TEST_CASE(a_request_that_waited_too_long_in_the_socket_is_not_looked_at, Asking) {
    auto late = asked(status);
    late.queued = RequestHandler::queued_max;
    BOOST_TEST(!handler.serve(late, listener));
    BOOST_TEST(counters.accounting_responses.get() + counters.access_accepts.get() == 1U);
    late.queued += 1ns;
    BOOST_TEST(!handler.serve(late, listener));
    BOOST_TEST(counters.drop_queued_too_long.get() == 1U);
    BOOST_TEST(counters.duplicates_answered.get() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_worker_with_its_hands_full_still_answers_what_need_not_wait, Asking) {
    using enum RequestHandler::Waiting;
    BOOST_TEST(!handler.serve(asked(login), listener, refused));
    BOOST_TEST(counters.drop_too_many_requests.get() == 1U);
    BOOST_TEST(!handler.serve(asked(status), listener, refused));
    BOOST_TEST(!handler.serve(asked(status), listener, refused));
    BOOST_TEST(counters.access_accepts.get() == 1U);
    BOOST_TEST(counters.duplicates_answered.get() == 1U);
    BOOST_TEST(counters.drop_too_many_requests.get() == 1U);
    BOOST_TEST(handler.serve(asked(login), listener, allowed).has_value());  // it has left no trace
}

BOOST_FIXTURE_TEST_CASE(a_flood_of_one_kind_writes_few_lines_and_hides_no_other_kind, Handling) {
    Datagram stray;
    const auto flood = [&] {
        for (int i = 0; i < 1000; ++i)
            handler.drop(stray, Error::unknown_client);
    };
    flood();
    BOOST_TEST(log.lines == RequestHandler::logged_drops_per_second_max);
    handler.drop(stray, Error::bad_authenticator);
    BOOST_TEST(log.lines == RequestHandler::logged_drops_per_second_max + 1);
    BOOST_TEST(counters.drop_unknown_client.get() == 1000U);

    stray.received_at += std::chrono::seconds(1);
    handler.drop(stray, Error::unknown_client);
    BOOST_TEST(log.not_logged == std::to_string(1000 - RequestHandler::logged_drops_per_second_max));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius

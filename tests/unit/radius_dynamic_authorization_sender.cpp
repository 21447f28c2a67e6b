// Disconnect- and CoA-Requests over loopback to a NAS that behaves and misbehaves.
#include "radius/dynamic_authorization_sender.hpp"
#include "tests/support/fake_nas.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <thread>

namespace hourglass::radius::dynamic_authorization {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using boost::asio::ip::udp;
using test::ack;
using test::FakeNas;
using test::nak;
using test::Reaction;
using test::request_for;
using test::silence;

// Repeats come soon, and for long enough that no test fails for a machine that is slow.
constexpr Limits patient{
    .retransmission = {
                       .initial_time = 20ms, .time_max = 100ms, .transmissions_max = 1000, .duration_max = 30s}
};
// For NASes that do not answer at all.
constexpr Limits brief{
    .retransmission = {
                       .initial_time = 20ms, .time_max = 40ms, .transmissions_max = 3, .duration_max = 200ms}
};

const std::vector<udp::endpoint> sources{
    {make_address("127.0.0.1"), 0}
};

std::shared_ptr<const Snapshot> snapshot_with(std::uint16_t coa_port) {
    Client client{
        .name = "lab", .network = make_address("127.0.0.1"), .prefix_length = 32, .secret = "testing123"};
    client.coa_port = coa_port;
    return std::make_shared<const Snapshot>(Snapshot{Clients({client}), {}, {}, {}});
}

// A NAS, and the sender beside it on one loop.
struct Scene {
    explicit Scene(const Limits& limits = {})
        : nas(loop, "testing123"), sender(loop, sources, snapshot_with(nas.port()), log, limits) {
        sender.start();
    }

    Outcome send(Request request) { return test::run(loop, sender.send(std::move(request))); }

    boost::asio::io_context loop;
    test::QuietLog log;
    FakeNas nas;
    Sender sender;
};

BOOST_AUTO_TEST_SUITE(radius_dynamic_authorization_sender)

BOOST_AUTO_TEST_CASE(each_request_ends_in_what_the_nas_made_of_it) {
    using enum Outcome::Result;
    struct Row {
        const char* name;
        std::vector<Reaction> reactions;
        Limits limits;
        Outcome::Result result;
    };
    auto forged = ack;
    forged.is_forged = true;
    auto from_other_port = ack;
    from_other_port.is_from_other_port = true;
    auto twice = ack;
    twice.copies = 2;
    auto late = ack;
    late.delay = 50ms;
    const std::vector<Row> rows{
        {"acknowledged",                     {ack},             patient, acknowledged},
        {"acknowledged late",                {late},            patient, acknowledged},
        {"acknowledged twice",               {twice},           patient, acknowledged},
        {"refused",                          {nak(501)},        patient, refused     },
        {"not known",                        {nak(503)},        patient, session_gone},
        {"the first packet was lost",        {silence, ack},    patient, acknowledged},
        {"a forged answer, then a true one", {forged, ack},     patient, acknowledged},
        {"silent",                           {silence},         brief,   unreachable },
        {"answers from another port",        {from_other_port}, brief,   unreachable },
        {"answers under another secret",     {forged},          brief,   unreachable },
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.name) {
            Scene scene(row.limits);
            scene.nas.react(row.reactions);
            const auto outcome = scene.send(request_for("s1"));
            BOOST_TEST(name_of(outcome.result) == name_of(row.result));
        }
}

BOOST_AUTO_TEST_CASE(a_nas_that_does_not_know_coa_gets_a_disconnect_request) {
    Scene scene;
    scene.nas.react({nak(405), ack});
    auto request = request_for("s1", Kind::coa);
    request.changes = {change(attr::session_timeout, 60)};
    request.disconnect_if_unsupported = true;
    const auto outcome = scene.send(request);
    BOOST_TEST((outcome.result == Outcome::Result::acknowledged));
    BOOST_TEST((outcome.kind == Kind::disconnect));
    BOOST_TEST(scene.sender.counters().coa_requests.get() == 1U);
    BOOST_TEST(scene.sender.counters().disconnect_requests.get() == 1U);
    BOOST_TEST(scene.sender.counters().dynamic_acknowledged.get() == 1U);
}

BOOST_AUTO_TEST_CASE(what_happens_is_counted) {
    Scene scene;
    auto forged = ack;
    forged.is_forged = true;
    auto thrice = ack;
    thrice.copies = 3;
    scene.nas.react({forged, thrice, nak(501)});
    scene.send(request_for("s1"));
    scene.send(request_for("s2"));
    const auto& counters = scene.sender.counters();
    BOOST_TEST(counters.disconnect_requests.get() == 2U);
    BOOST_TEST(counters.dynamic_repeats.get() == 1U);
    BOOST_TEST(counters.dynamic_acknowledged.get() == 1U);
    BOOST_TEST(counters.dynamic_refused.get() == 1U);
    BOOST_TEST(counters.drop_bad_authenticator.get() == 1U);
    BOOST_TEST(counters.drop_unexpected_answer.get() == 2U);
}

BOOST_AUTO_TEST_CASE(an_address_of_no_client_and_a_family_without_a_socket_are_unsendable) {
    Scene scene;
    auto request = request_for("s1");
    request.nas = make_address("192.0.2.1");
    BOOST_TEST((scene.send(request).result == Outcome::Result::unsendable));
    request.nas = make_address("::1");
    BOOST_TEST((scene.send(request).result == Outcome::Result::unsendable));
    BOOST_TEST(scene.sender.counters().dynamic_unsendable.get() == 2U);
}

BOOST_AUTO_TEST_CASE(hundreds_of_sessions_end_over_one_socket) {
    Scene scene;
    std::vector<awaitable<Outcome>> tasks;
    for (int i = 0; i < 300; ++i)
        tasks.push_back(scene.sender.send(request_for("s" + std::to_string(i))));
    for (const auto& outcome : test::run_all(scene.loop, std::move(tasks)))
        BOOST_TEST((outcome.result == Outcome::Result::acknowledged));
    BOOST_TEST(scene.nas.received().size() >= 300U);
}

BOOST_AUTO_TEST_CASE(stopping_ends_what_waits) {
    Scene scene;
    scene.nas.react({silence});
    boost::asio::post(scene.loop, [&] { boost::asio::post(scene.loop, [&] { scene.sender.stop(); }); });
    BOOST_TEST((scene.send(request_for("s1")).result == Outcome::Result::shutting_down));
    BOOST_TEST((scene.send(request_for("s2")).result == Outcome::Result::shutting_down));
}

BOOST_AUTO_TEST_CASE(reload_gives_the_secret_and_the_port_of_the_next_request) {
    Scene scene;
    FakeNas other(scene.loop, "testing123");
    scene.send(request_for("s1"));
    scene.sender.replace(snapshot_with(other.port()));
    scene.send(request_for("s2"));
    BOOST_TEST(scene.nas.received().size() == 1U);
    BOOST_TEST(other.received().size() == 1U);
}

BOOST_AUTO_TEST_CASE(other_threads_may_ask_and_hear_on_their_own_loop) {
    Scene scene;
    const auto work = boost::asio::make_work_guard(scene.loop);
    std::thread sender_thread([&] { scene.loop.run(); });
    boost::asio::io_context loop;
    const auto outcome = test::run(loop, scene.sender.send(request_for("s1")));
    BOOST_TEST((outcome.result == Outcome::Result::acknowledged));
    scene.loop.stop();
    sender_thread.join();
}

BOOST_AUTO_TEST_CASE(a_source_port_that_another_holds_is_an_error) {
    Scene scene;
    BOOST_CHECK_THROW(Sender(scene.loop, scene.sender.endpoints(), snapshot_with(3799), scene.log),
                      boost::system::system_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius::dynamic_authorization

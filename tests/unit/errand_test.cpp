// What another thread asks of the main loop.
#include "daemon/errand.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr auto for_ever = 1h;

awaitable<void> serve(Errand& errand, std::atomic<int>& done, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        co_await errand.wait(for_ever);
        ++done;
        errand.tell_done();
    }
}

// The first time takes until somebody opens the gate.
awaitable<void> serve_twice(Errand& errand, int& done, Errand::Timer& gate) {
    co_await errand.wait(for_ever);
    co_await gate.async_wait(asio::as_tuple(asio::use_awaitable));
    ++done;
    errand.tell_done();
    co_await errand.wait(for_ever);
    ++done;
    errand.tell_done();
}

awaitable<int> ask_and_count(Errand& errand, const std::atomic<int>& done) {
    co_await errand.ask(for_ever);
    co_return done.load();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(errands)

BOOST_AUTO_TEST_CASE(who_asks_from_another_thread_returns_when_it_was_done) {
    asio::io_context main_loop{1};
    Errand errand(main_loop);
    std::atomic<int> done{0};
    asio::co_spawn(main_loop, serve(errand, done, 2), [](const std::exception_ptr&) {});
    std::thread main_thread([&] { main_loop.run(); });

    asio::io_context loop{1};
    BOOST_TEST(test::run(loop, ask_and_count(errand, done)) == 1);
    BOOST_TEST(test::run(loop, ask_and_count(errand, done)) == 2);
    main_thread.join();
}

// A hundred NASes written at once are read twice, not a hundred times.
BOOST_AUTO_TEST_CASE(all_who_ask_while_it_is_done_share_the_next_time) {
    asio::io_context main_loop{1};
    asio::io_context loop{1};
    Errand errand(main_loop);
    Errand::Timer gate(main_loop, for_ever);
    int done = 0;
    int served = 0;
    const auto ask = [&] {
        asio::co_spawn(loop, errand.ask(for_ever), [&](const std::exception_ptr&) { ++served; });
        loop.poll();
    };
    ask();
    asio::co_spawn(main_loop, serve_twice(errand, done, gate), [](const std::exception_ptr&) {});
    main_loop.poll();
    for (int i = 0; i < 100; ++i)
        ask();
    main_loop.poll();
    BOOST_TEST(done == 0);

    gate.cancel();
    main_loop.run();
    loop.run();
    BOOST_TEST(done == 2);
    BOOST_TEST(served == 101);
}

BOOST_AUTO_TEST_CASE(nobody_waits_beyond_his_limit) {
    asio::io_context main_loop{1};
    Errand errand(main_loop);
    asio::io_context loop{1};
    asio::co_spawn(loop, errand.ask(1ms), [](const std::exception_ptr&) {});
    loop.run();
    BOOST_TEST(main_loop.poll() == 1U);  // the question is there, and its asker gone
    std::atomic<int> done{0};
    asio::co_spawn(main_loop, serve(errand, done, 1), [](const std::exception_ptr&) {});
    main_loop.restart();
    main_loop.run();
    BOOST_TEST(done.load() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon

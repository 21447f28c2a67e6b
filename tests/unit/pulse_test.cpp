// Which loops are stuck, by what was felt of them and when.
#include "daemon/pulse.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::daemon {
namespace {

using namespace std::chrono_literals;

constexpr Pulse::Clock::time_point start{};

Pulse two_loops() {
    return {
        {"radius-1", "api"},
        start
    };
}

BOOST_AUTO_TEST_SUITE(pulse)

BOOST_AUTO_TEST_CASE(a_loop_may_be_silent_up_to_the_limit_and_no_longer) {
    auto pulse = two_loops();
    pulse.felt(1, start + 1ms);
    BOOST_TEST(pulse.take_changes(start + Pulse::silence_max).empty());
    BOOST_TEST(pulse.is_steady());

    const auto changes = pulse.take_changes(start + Pulse::silence_max + 1ms);
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST(changes.front().loop == "radius-1");
    BOOST_TEST(changes.front().is_stuck);
    BOOST_TEST(!pulse.is_steady());
}

BOOST_AUTO_TEST_CASE(what_changed_is_told_once) {
    auto pulse = two_loops();
    const auto late = start + Pulse::silence_max + 1s;
    BOOST_TEST(pulse.take_changes(late).size() == 2U);
    BOOST_TEST(pulse.take_changes(late + 1s).empty());
    BOOST_TEST(!pulse.is_steady());
}

BOOST_AUTO_TEST_CASE(the_pulse_is_steady_again_when_the_last_loop_turns) {
    auto pulse = two_loops();
    const auto late = start + Pulse::silence_max + 1s;
    BOOST_TEST(pulse.take_changes(late).size() == 2U);
    pulse.felt(0, late);
    const auto changes = pulse.take_changes(late);
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST(!changes.front().is_stuck);
    BOOST_TEST(!pulse.is_steady());
    pulse.felt(1, late);
    BOOST_TEST(pulse.take_changes(late).size() == 1U);
    BOOST_TEST(pulse.is_steady());
}

// The machine slept, or the main loop itself was held up: who has answered is not stuck.
BOOST_AUTO_TEST_CASE(a_long_pause_of_all_is_nobodys_fault) {
    auto pulse = two_loops();
    const auto much_later = start + 1h;
    pulse.felt(0, much_later);
    pulse.felt(1, much_later);
    BOOST_TEST(pulse.take_changes(much_later).empty());
    BOOST_TEST(pulse.is_steady());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::daemon

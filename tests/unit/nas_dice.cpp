// One seed, one run: decisions depend on their names alone.
#include "nas/dice.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <set>

using hourglass::nas::Dice;

BOOST_AUTO_TEST_SUITE(nas_dice)

BOOST_AUTO_TEST_CASE(the_same_seed_and_name_fall_alike_in_any_order) {
    const Dice first(7);
    const Dice second(7);
    const auto early = first.of(1).of(2).share();
    static_cast<void>(second.of(5).share());
    static_cast<void>(second.of(1).of(3).share());
    BOOST_TEST(second.of(1).of(2).share() == early);
}

BOOST_AUTO_TEST_CASE(seeds_and_names_tell_decisions_apart) {
    std::set<double> shares;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        for (int part = 0; part < 100; ++part) {
            shares.insert(Dice(seed).of(part).share());
            shares.insert(Dice(seed).of(part).of(0).share());
        }
    }
    BOOST_TEST(shares.size() == 2000U);
    BOOST_TEST(Dice(1).of(1).of(2).share() != Dice(1).of(2).of(1).share());
}

BOOST_AUTO_TEST_CASE(a_probability_is_kept_and_its_ends_are_exact) {
    constexpr int throws = 100'000;
    int fallen{};
    for (int i = 0; i < throws; ++i) {
        const auto dice = Dice(42).of(i);
        fallen += dice.falls(0.05) ? 1 : 0;
        BOOST_TEST_REQUIRE(!dice.falls(0));
        BOOST_TEST_REQUIRE(dice.falls(1));
    }
    BOOST_TEST(std::abs(fallen - throws / 20) < throws / 200);
}

BOOST_AUTO_TEST_CASE(weights_are_kept_and_a_weight_of_zero_is_never_chosen) {
    constexpr std::array weights{3.0, 0.0, 1.0, 0.0};
    std::array<int, 4> chosen{};
    for (int i = 0; i < 10'000; ++i)
        ++chosen.at(Dice(1).of(i).weighted(weights));
    BOOST_TEST(chosen[1] == 0);
    BOOST_TEST(chosen[3] == 0);
    BOOST_TEST(std::abs(chosen[0] - 7'500) < 200);
}

BOOST_AUTO_TEST_SUITE_END()

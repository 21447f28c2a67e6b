// How many lines a flood may write.
#include "radius/log_budget.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using hourglass::radius::LogBudget;

BOOST_AUTO_TEST_SUITE(radius_log_budget)

BOOST_AUTO_TEST_CASE(a_second_has_its_lines_and_the_next_one_tells_how_many_were_left_out) {
    LogBudget budget(2);
    const LogBudget::Time second{1000s};
    BOOST_TEST(budget.take(second).value() == 0U);
    BOOST_TEST(budget.take(second + 500ms).value() == 0U);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(!budget.take(second + 999ms).has_value());
    BOOST_TEST(budget.take(second + 1s).value() == 3U);
    BOOST_TEST(budget.take(second + 1s).value() == 0U);
    BOOST_TEST(!budget.take(second + 1s).has_value());
}

BOOST_AUTO_TEST_CASE(a_line_without_others_left_out_says_nothing_of_them) {
    BOOST_TEST(hourglass::radius::count_text(0).empty());
    BOOST_TEST(hourglass::radius::count_text(7) == "7");
}

BOOST_AUTO_TEST_SUITE_END()

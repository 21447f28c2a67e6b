#include "cli/usage.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;

BOOST_AUTO_TEST_SUITE(cli_usage)

BOOST_AUTO_TEST_CASE(help_is_wrapped_between_words) {
    BOOST_TEST(wrapped("", 10).empty());
    BOOST_TEST(wrapped("one two", 7) == "one two");
    BOOST_TEST(wrapped("one two", 6) == "one\ntwo");
    BOOST_TEST(wrapped("a verylongword b", 5) == "a\nverylongword\nb");
    BOOST_TEST(wrapped("one two three four", 9) == "one two\nthree\nfour");
}

BOOST_AUTO_TEST_SUITE_END()

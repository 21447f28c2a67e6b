#include "cli/figures.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;
using std::chrono::duration;

BOOST_AUTO_TEST_SUITE(cli_figures)

BOOST_AUTO_TEST_CASE(numbers_have_a_comma_for_every_thousand) {
    BOOST_TEST(with_commas(0) == "0");
    BOOST_TEST(with_commas(999) == "999");
    BOOST_TEST(with_commas(1'000) == "1,000");
    BOOST_TEST(with_commas(1'234'567) == "1,234,567");
}

BOOST_AUTO_TEST_CASE(octets_have_the_unit_that_leaves_few_digits) {
    BOOST_TEST(format_octets(0) == "0 B");
    BOOST_TEST(format_octets(1'023) == "1023 B");
    BOOST_TEST(format_octets(1'536) == "1.5 KiB");
    BOOST_TEST(format_octets(131ULL << 20U) == "131 MiB");
    BOOST_TEST(format_octets(UINT64_MAX) == "16 EiB");
}

BOOST_AUTO_TEST_CASE(latencies_are_milliseconds_until_they_are_seconds) {
    BOOST_TEST(format_latency(duration<double>(0.00034)) == "0.34 ms");
    BOOST_TEST(format_latency(duration<double>(0.0034)) == "3.4 ms");
    BOOST_TEST(format_latency(duration<double>(0.034)) == "34 ms");
    BOOST_TEST(format_latency(duration<double>(1.5)) == "1.5 s");
}

BOOST_AUTO_TEST_CASE(rates_have_a_digit_behind_the_point_while_they_are_small) {
    BOOST_TEST(format_rate(0) == "0/s");
    BOOST_TEST(format_rate(0.44) == "0.4/s");
    BOOST_TEST(format_rate(1'234.6) == "1,235/s");
    BOOST_TEST(format_rate(-1) == "0/s");
}

BOOST_AUTO_TEST_SUITE_END()

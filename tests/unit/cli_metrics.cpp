#include "cli/metrics.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;

namespace {

constexpr auto page = R"(# TYPE hourglass_build_info gauge
hourglass_build_info{version="0.1.0"} 1
hourglass_radius_requests_total{type="access_request"} 3
hourglass_radius_requests_total{type="with } and space"} 4
process_start_time_seconds 1.5e9
nonsense
# EOF
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_metrics)

BOOST_AUTO_TEST_CASE(samples_are_added_up_over_their_labels) {
    const auto sums = sum_metrics(page);
    BOOST_TEST(sums.at("process_start_time_seconds") == 1.5e9);
    BOOST_TEST(sums.at("hourglass_radius_requests_total") == 7);
    BOOST_TEST(!sums.contains("nonsense"));
}

BOOST_AUTO_TEST_CASE(a_label_is_found_by_name) {
    BOOST_TEST(find_label(page, "hourglass_build_info", "version") == "0.1.0");
    BOOST_TEST(find_label(page, "hourglass_build_info", "branch").empty());
}

BOOST_AUTO_TEST_CASE(samples_are_told_apart_by_one_label) {
    const auto sums = sum_by_label(page, "hourglass_radius_requests_total", "type");
    BOOST_TEST(sums.size() == 2U);
    BOOST_TEST(sums.at("access_request") == 3);
    BOOST_TEST(sum_by_label(page, "hourglass_radius_requests_total", "ype").size() == 1U);
}

BOOST_AUTO_TEST_CASE(percentiles_are_interpolated_within_their_bucket) {
    const auto histograms = find_histograms(R"(hourglass_auth_seconds_bucket{code="accept",le="0.001"} 50
hourglass_auth_seconds_bucket{code="accept",le="0.002"} 100
hourglass_auth_seconds_bucket{code="accept",le="+Inf"} 110
hourglass_auth_seconds_count{code="accept"} 110
)");
    BOOST_TEST_REQUIRE(histograms.size() == 1U);
    const auto& histogram = histograms.at("hourglass_auth accept");
    BOOST_TEST(histogram.count() == 110);
    BOOST_TEST(histogram.percentile(0.25).value() == 0.00055, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(histogram.percentile(0.5).value() == 0.0011, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(histogram.percentile(0.99).value() == 0.002);  // more is not known
    BOOST_TEST(!Histogram().percentile(0.5).has_value());
}

BOOST_AUTO_TEST_CASE(two_readings_of_a_histogram_tell_what_came_between_them) {
    const Histogram before{
        {{0.001, 10}, {0.002, 20}}
    };
    const Histogram after{
        {{0.001, 15}, {0.002, 40}}
    };
    BOOST_TEST(since(after, before).at_most.at(0.001) == 5);
    BOOST_TEST(since(after, before).count() == 20);
    BOOST_TEST(since(before, after).count() == 20);  // restarted meanwhile
}

BOOST_AUTO_TEST_SUITE_END()

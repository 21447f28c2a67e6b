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

BOOST_AUTO_TEST_SUITE_END()

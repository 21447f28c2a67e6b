// The benchmark itself, in its quickest form: it must run, lose nothing, and leave nothing behind.
#include "tests/integration/process.hpp"
#include "tests/integration/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace hourglass::test;

BOOST_AUTO_TEST_SUITE(bench)

BOOST_AUTO_TEST_CASE(the_quick_benchmark_measures_without_loss) {
    const TemporaryDirectory directory;
    const std::string report_file = directory / "report.json";
    const auto finished = run({"python3", BENCH_SCRIPT, "--bin", BINARY_DIRECTORY, "--users", "100", "--runs",
                               "1", "--seconds", "0.3", "--json", report_file},
                              {.time_limit = std::chrono::seconds(120)});
    BOOST_TEST_REQUIRE(finished.exit_status == 0, finished.output + finished.errors);
    const auto report = nlohmann::json::parse(read_file(report_file));
    for (const auto& [name, figures] : report["measurements"].items()) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(figures["answered"].get<int>() > 0);
            BOOST_TEST(figures["lost"] == 0);
            BOOST_TEST(figures["wrong"] == 0);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

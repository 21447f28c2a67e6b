// /metrics by the letter of OpenMetrics 1.0.
#include "daemon/metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <sstream>
#include <string>

namespace hourglass::daemon {

namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(counters_are_summed_over_the_workers) {
    radius::Counters one;
    radius::Counters other;
    one.auth_requests.add(3);
    other.auth_requests.add(4);
    MetricsSources sources;
    sources.workers = {&one, &other};
    sources.redis_reconnects = 2;
    const auto text = format_metrics(sources);
    BOOST_TEST(has_line(text, R"(hourglass_radius_requests_total{type="access_request"} 7)"));
    BOOST_TEST(has_line(text, "hourglass_redis_reconnects_total 2"));
    BOOST_TEST(has_line(text, "# TYPE hourglass_radius_requests counter"));
}

// One TYPE and HELP a family, before its samples, which stand together; counters end in _total; EOF ends it.
BOOST_AUTO_TEST_CASE(the_text_follows_the_rules_of_openmetrics) {
    MetricsSources sources;
    sources.process = measure_process();
    std::istringstream lines(format_metrics(sources));
    std::map<std::string, std::string> types;
    std::set<std::string> samples;
    std::string family;
    std::string last;
    for (std::string line; std::getline(lines, line); last = line) {
        BOOST_TEST_CONTEXT(line) {
            BOOST_TEST(last != "# EOF");
            if (line == "# EOF") continue;
            std::istringstream words(line);
            std::string mark;
            std::string keyword;
            if (line.starts_with("# TYPE ")) {
                std::string type;
                words >> mark >> keyword >> family >> type;
                BOOST_TEST(types.emplace(family, type).second);
            } else if (line.starts_with("# ")) {
                std::string name;
                words >> mark >> keyword >> name;
                BOOST_TEST(name == family);
            } else {
                const auto name = line.substr(0, line.find_first_of("{ "));
                const auto suffix = types.at(family) == "counter" ? "_total"
                                    : types.at(family) == "info"  ? "_info"
                                                                  : "";
                BOOST_TEST(name == family + suffix);
                BOOST_TEST(samples.insert(line.substr(0, line.rfind(' '))).second);
            }
        }
    }
    BOOST_TEST(last == "# EOF");
}

BOOST_AUTO_TEST_CASE(the_process_can_measure_itself) {
    const auto usage = measure_process();
    BOOST_TEST(usage.resident_octets > 1'000'000u);
    BOOST_TEST(usage.virtual_octets >= usage.resident_octets);
    BOOST_TEST(usage.threads >= 1u);
    BOOST_TEST(usage.open_files >= 3u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon

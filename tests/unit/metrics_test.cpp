// /metrics by the letter of OpenMetrics 1.0 and of Prometheus' older form, and no longer with more NASes.
#include "daemon/metrics.hpp"

#include "api/counters.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <sstream>
#include <string>

namespace hourglass::daemon {

namespace {

using api::MetricsFormat;

constexpr std::size_t series_max = 2500;
constexpr std::chrono::sys_seconds noon{std::chrono::seconds(1'700'000'000)};

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

std::set<std::string> suffixes_of(const std::string& type) {
    if (type == "histogram") return {"_bucket", "_count", "_sum"};
    if (type == "counter") return {"_total"};
    return {type == "info" ? "_info" : ""};
}

// Of everything there is.
MetricsSources full_sources(const radius::Counters& worker) {
    MetricsSources sources;
    sources.workers = {&worker};
    sources.process = measure_process();
    sources.journal = store::JournalState();
    sources.vital_signs.store.emplace();
    sources.nas_traffic.packets["cisco"].fill(1);
    sources.api_traffic = {
        {.method = "GET", .route = "/readyz", .replies = {{200, 3}, {503, 1}}, .times = {}}
    };
    return sources;
}

std::size_t count_series(const std::string& text) {
    std::istringstream lines(text);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);)
        count += line.starts_with('#') ? 0 : 1;
    return count;
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
    const auto text = format_metrics(sources, MetricsFormat::open_metrics);
    BOOST_TEST(has_line(text, R"(hourglass_radius_requests_total{type="access_request"} 7)"));
    BOOST_TEST(has_line(text, "hourglass_redis_reconnects_total 2"));
    BOOST_TEST(has_line(text, "# TYPE hourglass_radius_requests counter"));
}

// One TYPE and HELP a family, before its samples, which stand together; a unit ends the name; EOF ends it.
BOOST_AUTO_TEST_CASE(the_text_follows_the_rules_of_openmetrics) {
    const radius::Counters worker;
    std::istringstream lines(format_metrics(full_sources(worker), MetricsFormat::open_metrics));
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
                std::string rest;
                words >> mark >> keyword >> name >> rest;
                BOOST_TEST(name == family);
                BOOST_TEST((keyword != "UNIT" || name.ends_with("_" + rest)));
                BOOST_TEST(line.find_first_of("\"\\") == line.npos);
            } else {
                const auto name = line.substr(0, line.find_first_of("{ "));
                BOOST_TEST_REQUIRE(name.starts_with(family));
                BOOST_TEST(suffixes_of(types.at(family)).contains(name.substr(family.size())));
                BOOST_TEST(samples.insert(line.substr(0, line.rfind(' '))).second);
            }
        }
    }
    BOOST_TEST(last == "# EOF");
    BOOST_TEST(types.at("hourglass_radius_answer_duration_seconds") == "histogram");
}

BOOST_AUTO_TEST_CASE(the_older_form_names_counters_by_their_samples_and_knows_no_units) {
    const radius::Counters worker;
    const auto text = format_metrics(full_sources(worker), MetricsFormat::prometheus);
    BOOST_TEST(has_line(text, "# TYPE hourglass_radius_requests_total counter"));
    BOOST_TEST(has_line(text, "# TYPE hourglass_build_info gauge"));
    BOOST_TEST(text.find("# UNIT") == text.npos);
    BOOST_TEST(text.find("# EOF") == text.npos);
}

BOOST_AUTO_TEST_CASE(a_histogram_counts_up_to_each_bound) {
    using namespace std::chrono_literals;
    radius::Counters one;
    radius::Counters other;
    one.accept_times.note(50us);
    one.accept_times.note(51us);
    other.accept_times.note(1s);
    other.accept_times.note(11s);
    other.accept_times.note(-1s);  // the clock was set back
    MetricsSources sources;
    sources.workers = {&one, &other};
    const auto text = format_metrics(sources, MetricsFormat::open_metrics);
    const std::string family = "hourglass_radius_answer_duration_seconds";
    const auto bucket = [&](const std::string& bound, int count) {
        return family + R"(_bucket{code="access_accept",le=")" + bound + "\"} " + std::to_string(count);
    };
    for (const auto& line :
         {bucket("5e-05", 2), bucket("0.0001", 3), bucket("0.5", 3), bucket("1.0", 4), bucket("10.0", 4),
          bucket("+Inf", 5), family + R"(_count{code="access_accept"} 5)",
          family + R"(_sum{code="access_accept"} 12.000101)"}) {
        BOOST_TEST(has_line(text, line), line);
    }
}

// A name that a NAS or an administrator chose is no label, and an address neither.
BOOST_AUTO_TEST_CASE(ten_thousand_nases_and_what_they_send_make_no_more_series) {
    NasTraffic traffic;
    const radius::Counters worker;
    auto sources = full_sources(worker);
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        radius::SourceSighting seen;
        seen.source = boost::asio::ip::address_v4(i);
        seen.client = "nas \"} 1\n# " + std::to_string(i);
        seen.nas_identifier = seen.client;
        seen.vendors = {i};
        seen.last_authentic = noon;
        seen.counts.fill(i);
        traffic.add({seen});
    }
    sources.nas_traffic = traffic.read(noon);
    sources.api_traffic = api::Counters().traffic();
    for (auto& route : sources.api_traffic) {
        for (unsigned status = 400; status < 410; ++status)
            route.replies[status] = 1;
    }
    const auto text = format_metrics(sources, MetricsFormat::open_metrics);
    BOOST_TEST(sources.nas_traffic.heard == 10'000U);
    BOOST_TEST(text.find("nas \"}") == text.npos);
    BOOST_TEST(count_series(text) < series_max);
}

BOOST_AUTO_TEST_CASE(the_process_can_measure_itself) {
    const auto usage = measure_process();
    BOOST_TEST(usage.resident_octets > 1'000'000u);
    BOOST_TEST(usage.virtual_octets >= usage.resident_octets);
    BOOST_TEST(usage.threads >= 1u);
    BOOST_TEST(usage.open_files >= 3u);
    BOOST_TEST(usage.open_files_max >= usage.open_files);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon

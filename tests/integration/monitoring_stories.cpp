// What an operator's monitoring sees: /metrics in the eyes of Prometheus and its promtool, the alert rules,
// the dashboard, and the manual that explains them.
#include "tests/integration/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <signal.h>
#include <thread>

using namespace hourglass::test;

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Names = std::set<std::string>;

constexpr std::chrono::seconds prometheus_time_limit{60};
constexpr std::chrono::milliseconds poll_interval{200};
const std::filesystem::path docs = HOURGLASS_TEST_DATA "/../../docs";
const auto rules_file = docs / "monitoring/hourglass.rules.yml";

// All that `pattern` finds in `text`: its first group.
std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match)
        found.push_back((*match)[1]);
    return found;
}

Names names_in(const std::string& text, const std::string& pattern) {
    const auto found = all_matches(text, pattern);
    return {found.begin(), found.end()};
}

Names metrics_in(const std::string& text) {
    return names_in(text, R"(\b((?:hourglass|process)_[a-z_]+[a-z]))");
}

// As a query may name them.
Names metrics_of_scrape(const std::string& scrape) {
    auto names = names_in(scrape, R"(# TYPE (\S+) )");
    for (const auto& histogram : names_in(scrape, R"(# TYPE (\S+) histogram)")) {
        for (const auto* const suffix : {"_bucket", "_count", "_sum"})
            names.insert(histogram + suffix);
    }
    return names;
}

Names missing_from(const Names& all, const Names& wanted) {
    Names missing;
    std::ranges::set_difference(wanted, all, std::inserter(missing, missing.end()));
    return missing;
}

std::string joined(const Names& names) {
    std::string text;
    for (const auto& name : names)
        text += name + " ";
    return text;
}

std::string scrape(const Daemon& daemon, const std::string& accept = "*/*") {
    return run({"curl", "-s", "-k", "-H", "Accept: " + accept, daemon.api_url() + "/metrics"}).output;
}

// With all that a daemon can tell of, but for what only one with a certificate does.
DaemonSettings everything() {
    DaemonSettings settings;
    settings.more = "[accounting]\njournal = true\n";
    return settings;
}
const Names with_certificate{"hourglass_api_certificate_expiry_seconds"};

// Somebody comes, stays, and is not let in another time.
void keep_busy(const Daemon& daemon) {
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time", 3600}
    });
    radclient(daemon, "auth", "User-Name=ann,User-Password=hello,Mikrotik-Realm=lobby");
    radclient(daemon, "auth", "User-Name=ann,User-Password=wrong-word,Acct-Session-Id=s2");
    radclient(daemon, "acct", "User-Name=ann,Acct-Session-Id=s1,Acct-Status-Type=Start");
    radclient(daemon, "acct",
              "User-Name=ann,Acct-Session-Id=s1,Acct-Status-Type=Interim-Update,Acct-Session-Time=60");
    radclient(daemon, "acct", "User-Name=ann,Acct-Session-Id=s1,Acct-Status-Type=Stop",
              {.secret = "another secret", .timeout_s = 1});
    administrator.ask("GET", "/user_token/4711/");
    administrator.ask("GET", "/nas/seen/");  // and what the workers saw is told
}

// A Prometheus that looks every second, and waits for nothing before it tells an alert.
class Prometheus {
public:
    explicit Prometheus(const Daemon& daemon) {
        std::ofstream(directory_ / "rules.yml")
            << std::regex_replace(read_file(rules_file), std::regex("for: [0-9]+[smh]"), "for: 1s");
        std::ofstream(directory_ / "prometheus.yml")
            << "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
               "rule_files: [rules.yml]\n"
               "scrape_configs:\n"
               "  - {job_name: hourglass, static_configs: [{targets: ['127.0.0.1:"
            << daemon.ports().api << "']}]}\n";
        process_.emplace(Arguments{"prometheus", "--config.file=" + (directory_ / "prometheus.yml").string(),
                                   "--storage.tsdb.path=" + (directory_ / "data").string(),
                                   "--web.listen-address=127.0.0.1:" + std::to_string(port_)},
                         directory_ / "log");
    }

    Json ask(const std::string& path, const std::string& query = {}) const {
        const auto answer = run({"curl", "-s", "-G", "--data-urlencode", "query=" + query,
                                 "http://127.0.0.1:" + std::to_string(port_) + "/api/v1/" + path});
        return Json::parse(answer.output, nullptr, false);
    }

    // Empty while there is nothing to be had, or while it starts.
    Json value(const std::string& query) const {
        const auto answer = ask("query", query);
        if (!answer.is_object() || answer.value("status", "") != "success") return {};
        const auto& result = answer["data"]["result"];
        return result.empty() ? Json() : result[0]["value"][1];
    }

    std::string log() const { return read_file(directory_ / "log"); }

private:
    TemporaryDirectory directory_;
    std::uint16_t port_ = free_ports().api;
    std::optional<BackgroundProcess> process_;
};

bool becomes(const std::function<bool()>& is_so) {
    const auto deadline = Clock::now() + prometheus_time_limit;
    while (!is_so()) {
        if (Clock::now() > deadline) return false;
        std::this_thread::sleep_for(poll_interval);
    }
    return true;
}

// What Grafana puts in the place of its variables.
std::string filled_in(std::string query) {
    query = std::regex_replace(query, std::regex(R"(\$__rate_interval)"), "1m");
    return std::regex_replace(query, std::regex(R"(\$instance)"), ".*");
}

std::vector<std::string> queries_of_dashboard() {
    std::vector<std::string> queries;
    const auto dashboard = Json::parse(read_file(docs / "monitoring/hourglass.json"));
    for (const auto& panel : dashboard.at("panels")) {
        if (!panel.contains("targets")) continue;
        for (const auto& target : panel["targets"])
            queries.push_back(filled_in(target.at("expr").get<std::string>()));
    }
    return queries;
}

// As Markdown makes it of a heading.
Names anchors_of(const std::filesystem::path& page) {
    Names anchors;
    for (auto heading : all_matches(read_file(page), "\n##+ ([^\n]+)")) {
        std::string anchor;
        for (const char c : heading) {
            if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_')
                anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            else if (c == ' ')
                anchor += '-';
        }
        anchors.insert(anchor);
    }
    return anchors;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(monitoring)

BOOST_AUTO_TEST_CASE(promtool_has_nothing_to_say_against_the_metrics_of_a_busy_daemon) {
    const Daemon daemon;
    keep_busy(daemon);
    const auto text = scrape(daemon);
    BOOST_TEST(contains(text, "hourglass_radius_answers_total{code=\"access_accept\"} 1\n"));
    BOOST_TEST(contains(text, "hourglass_nas_packets_total{class=\"mikrotik\",what=\"access_requests\"}"));
    BOOST_TEST(contains(text, "hourglass_store_duration_seconds_count{operation=\"usage\"} 2\n"));
    BOOST_TEST(contains(text, "hourglass_ledger_charged_seconds_total 60\n"));
    BOOST_TEST(contains(text, "{method=\"GET\",route=\"/api/v1/user_token/{id}/\",status=\"404\"} 1\n"));
    const auto checked = run({"promtool", "check", "metrics"}, {.input = text});
    BOOST_TEST(checked.exit_status == 0);
    BOOST_TEST(checked.output + checked.errors == "");
}

// That no secret is among them, the end of every story's daemon shows.
BOOST_AUTO_TEST_CASE(the_log_has_one_line_for_each_request_with_what_is_known_of_it) {
    const Daemon daemon;
    keep_busy(daemon);
    const auto log = daemon.log();
    const std::string from_nas = R"( request_id=127\.0\.0\.1:\d+/\d+ )";
    for (const auto& line :
         {"debug: login accepted" + from_nas + "nas=lab user=ann",
          "info: login rejected" + from_nas + "nas=lab user=ann session=s2 reason=wrong_password",
          "info: request dropped" + from_nas + R"(source=127\.0\.0\.1 nas=lab reason="the Request[^"]+")",
          std::string(R"(info: request request_id=\S+ peer=127\.0\.0\.1 method=GET )"
                      R"(path=/api/v1/user_token/4711/ token=1 status=404 microseconds=\d+)")}) {
        BOOST_TEST(all_matches(log, "(Z " + line + ")\n").size() == 1U, line);
    }
}

BOOST_AUTO_TEST_CASE(the_manual_explains_every_metric_and_no_other) {
    const Daemon daemon(everything());
    auto told = metrics_of_scrape(scrape(daemon));
    told.insert(with_certificate.begin(), with_certificate.end());
    const auto rows = all_matches(read_file(docs / "monitoring.md"), "\n\\| (`[^|]+) \\|");
    Names explained;
    for (const auto& row : rows)
        explained.merge(metrics_in(row));
    for (const auto& histogram : names_in(scrape(daemon), R"(# TYPE (\S+) histogram)")) {
        if (!explained.contains(histogram)) continue;
        for (const auto* const suffix : {"_bucket", "_count", "_sum"})
            explained.insert(histogram + suffix);
    }
    BOOST_TEST(joined(missing_from(explained, told)) == "", "not in docs/monitoring.md");
    BOOST_TEST(joined(missing_from(told, explained)) == "", "in docs/monitoring.md alone");
}

BOOST_AUTO_TEST_CASE(the_alert_rules_stand_promtools_tests) {
    const auto tests = HOURGLASS_TEST_DATA "/../monitoring/rules_test.yml";
    const auto checked = run({"promtool", "check", "rules", rules_file});
    BOOST_TEST(checked.exit_status == 0, checked.output + checked.errors);
    const auto tested = run({"promtool", "test", "rules", tests}, {.time_limit = 300s});
    BOOST_TEST(tested.exit_status == 0, tested.output + tested.errors);

    const auto alerts = names_in(read_file(rules_file), R"(- alert: (\w+))");
    BOOST_TEST(alerts.size() > 20U);
    BOOST_TEST(joined(missing_from(names_in(read_file(tests), R"re(alertname="(\w+)")re"), alerts)) == "");
    BOOST_TEST(
        joined(missing_from(names_in(read_file(docs / "monitoring.md"), R"(\| `(\w+)` \|)"), alerts)) == "");
}

BOOST_AUTO_TEST_CASE(each_alert_leads_to_a_place_in_the_manual) {
    const auto rules = read_file(rules_file);
    const auto runbooks = all_matches(rules, R"(runbook: (\S+))");
    BOOST_TEST(runbooks.size() == all_matches(rules, R"((- alert: ))").size());
    for (const auto& runbook : runbooks) {
        const auto hash = runbook.find('#');
        BOOST_TEST_REQUIRE(hash != runbook.npos);
        BOOST_TEST(anchors_of(docs / runbook.substr(0, hash)).contains(runbook.substr(hash + 1)), runbook);
    }
}

BOOST_AUTO_TEST_CASE(prometheus_sees_the_daemon_and_tells_that_redis_has_stopped) {
    const Daemon daemon;
    keep_busy(daemon);
    const Prometheus prometheus(daemon);
    BOOST_TEST_REQUIRE(becomes([&] { return prometheus.value("up{job=\"hourglass\"}") == "1"; }),
                       prometheus.log());

    const auto known = metrics_of_scrape(scrape(daemon));
    const Names conditional{
        "hourglass_journal_pending_reports",         "hourglass_journal_oldest_age_seconds",
        "hourglass_journal_refused_reports_total",   "hourglass_journal_errors_total",
        "hourglass_journal_set_aside_reports_total", "hourglass_api_certificate_expiry_seconds"};
    auto possible = known;
    possible.insert(conditional.begin(), conditional.end());
    const auto in_rules = metrics_in(read_file(rules_file));
    BOOST_TEST(joined(missing_from(possible, in_rules)) == "", "in the alert rules alone");
    const auto queries = queries_of_dashboard();
    BOOST_TEST(queries.size() > 30U);
    for (const auto& query : queries) {
        BOOST_TEST(prometheus.ask("query", query)["status"] == "success", query);
        BOOST_TEST(joined(missing_from(possible, metrics_in(query))) == "", query);
    }

    const std::string firing = "count(ALERTS{alertname=\"HourglassRedisAway\",alertstate=\"firing\"})";
    BOOST_TEST(prometheus.value("count(ALERTS{alertstate=\"firing\",severity=\"critical\"})") == Json());
    const auto redis = daemon.redis_pid();
    kill(redis, SIGSTOP);
    const bool has_fired = becomes([&] { return prometheus.value(firing) == "1"; });
    kill(redis, SIGCONT);
    BOOST_TEST(has_fired);
    BOOST_TEST(becomes([&] { return prometheus.value(firing) == Json(); }));
    for (const auto& rule : prometheus.ask("rules")["data"]["groups"][0]["rules"])
        BOOST_TEST(rule.at("health") == "ok", rule.dump());
}

BOOST_AUTO_TEST_SUITE_END()

// The contract of the API, rule by rule: the tables of tests/data/api_rules on the real daemon.
#include "tests/integration/rule_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace hourglass::test;

namespace {

constexpr std::size_t shown_octets_max = 200;  // of a body, in a complaint

constexpr auto tables = std::to_array<std::string_view>({
    "common",       "conditions", "decisions", "lists",     "connections", "user_token",  "user_token_fields",
    "user_extra",   "devices",    "credit",    "api_token", "cursors",     "aaa_profile", "nas",
    "organization", "sessions",   "explain",   "transfer",  "schema",      "events",      "audit",
    "status",
});

std::vector<Rule> read_table(std::string_view name) {
    return read_rules(std::filesystem::path(HOURGLASS_TEST_DATA "/api_rules") / (std::string(name) + ".txt"));
}

void check_table(const Daemon& daemon, std::string_view name) {
    RuleRunner runner(daemon);
    for (const auto& rule : read_table(name)) {
        const auto complaint = runner.complaint_about(rule);
        BOOST_TEST(complaint.empty(), rule.place << ": " << rule.method << " " << rule.path << " "
                                                 << rule.body.substr(0, shown_octets_max) << "\n"
                                                 << complaint);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_rules)

BOOST_AUTO_TEST_CASE(every_rule_of_the_contract_holds) {
    const Daemon daemon;
    for (const auto name : tables)
        check_table(daemon, name);
}

BOOST_AUTO_TEST_CASE(a_user_without_user_time_gets_what_the_settings_say) {
    const Daemon daemon({.more = "[accounting]\ndefault_user_time = 60\n"});
    check_table(daemon, "default_user_time");
}

BOOST_AUTO_TEST_CASE(links_follow_what_a_trusted_proxy_says) {
    const Daemon daemon({.api = "trusted_proxies = [\"127.0.0.1\"]"});
    check_table(daemon, "behind_a_proxy");
}

// A runner that finds nothing wrong with these would find nothing wrong with the daemon either.
BOOST_AUTO_TEST_CASE(a_wrong_rule_is_seen_to_be_wrong) {
    const Daemon daemon;
    RuleRunner runner(daemon);
    for (const auto& rule : read_table("wrong")) {
        BOOST_TEST((rule.method == "$" || !runner.complaint_about(rule).empty()), rule.place);
    }
}

BOOST_AUTO_TEST_SUITE_END()

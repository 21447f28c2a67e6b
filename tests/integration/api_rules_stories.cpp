// The contract of the API, rule by rule: the tables of tests/data/api_rules on the real daemon.
#include "tests/integration/rule_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace hourglass::test;

namespace {

constexpr auto tables = std::to_array<std::string_view>({
    "common",
    "conditions",
    "decisions",
    "lists",
    "connections",
    "user_token",
    "user_token_fields",
    "user_extra",
    "devices",
    "credit",
    "api_token",
});

std::vector<Rule> read_table(std::string_view name) {
    return read_rules(std::filesystem::path(HOURGLASS_TEST_DATA "/api_rules") / (std::string(name) + ".txt"));
}

DaemonSettings behind_a_proxy() {
    return {.api = "trusted_proxies = [\"127.0.0.1\"]"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_rules)

BOOST_AUTO_TEST_CASE(every_rule_of_the_contract_holds) {
    const Daemon daemon;
    std::size_t count = 0;
    for (const auto name : tables) {
        RuleRunner runner(daemon);
        for (const auto& rule : read_table(name)) {
            const auto complaint = runner.complaint_about(rule);
            BOOST_TEST(complaint.empty(), rule.place << ": " << rule.method << " " << rule.path << " "
                                                     << rule.body.substr(0, 200) << "\n"
                                                     << complaint);
            ++count;
        }
    }
    BOOST_TEST_MESSAGE(count << " rules");
}

BOOST_AUTO_TEST_CASE(links_follow_what_a_trusted_proxy_says) {
    const Daemon daemon(behind_a_proxy());
    RuleRunner runner(daemon);
    for (const auto& rule : read_table("behind_a_proxy")) {
        const auto complaint = runner.complaint_about(rule);
        BOOST_TEST(complaint.empty(), rule.place << "\n" << complaint);
    }
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

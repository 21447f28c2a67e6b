// Tries the rows of a rule table on a daemon.
#pragma once

#include "tests/integration/daemon.hpp"
#include "tests/integration/rule_table.hpp"

#include <map>
#include <string>

namespace hourglass::test {

class RuleRunner {
public:
    explicit RuleRunner(const Daemon& daemon);

    // What was expected and what came instead; empty if all is as the rule says.
    std::string complaint_about(const Rule& rule);
    // With variables by their values. Throws std::runtime_error for one that no rule has kept.
    std::string expand(std::string text) const;

private:
    HeaderFields headers_of(const Rule& rule) const;
    std::string try_request(const Rule& rule);
    std::string try_octets(const Rule& rule) const;
    std::string try_radius(const Rule& rule) const;
    std::string compare(const Rule& rule, const ExpectedReply& expected, const HttpReply& reply) const;
    std::string keep(const Rule& rule, const HttpReply& reply);

    const Daemon& daemon_;
    HttpClient client_;
    std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace hourglass::test

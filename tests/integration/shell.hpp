// The `hourglass` tool at a daemon, as an administrator types it.
#pragma once

#include "tests/integration/clients.hpp"
#include "tests/integration/secrets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::test {

enum ExitStatus { ok, refused, usage, unreachable, unauthorized };

class Shell {
public:
    explicit Shell(const Daemon& daemon) : daemon_(daemon) {}

    Finished operator()(Arguments arguments, const std::string& input = {}) const {
        arguments.insert(arguments.begin(), HOURGLASS);
        return run(arguments, {
                                  .input = input,
                                  .environment = {"HOURGLASS_URL=" + daemon_.api_url(),
                                                  "HOURGLASS_TOKEN=" + daemon_.token()}
        });
    }

    Json json(Arguments arguments, const std::string& input = {}) const {
        arguments.emplace_back("--json");
        const auto finished = (*this)(std::move(arguments), input);
        BOOST_TEST_REQUIRE(finished.exit_status == ok, finished.errors);
        auto told = Json::parse(finished.output);
        note_secrets_of(told);
        return told;
    }

private:
    const Daemon& daemon_;
};

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace hourglass::test

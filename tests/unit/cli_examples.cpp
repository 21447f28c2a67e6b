// What --help tells people to type must be something that can be typed.
#include "cli/commands.hpp"
#include "cli/examples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <set>

using namespace hourglass::cli;

namespace {

struct Line {
    Line() {
        app.add_flag("--json", as_json);
        app.require_subcommand(1);
        app.fallthrough();
        add_commands(app, command);
    }

    CLI::App app{"", "hourglass"};
    bool as_json{};
    Command command;
};

// As far as a shell would hand it to us.
std::string without_redirection(std::string_view line) {
    return std::string(line.substr(0, std::min(line.find(" <"), line.find(" |"))));
}

// "user add"
std::set<std::string> commands_below(const CLI::App& app, const std::string& prefix) {
    std::set<std::string> commands;
    for (const auto* const each : app.get_subcommands([](const CLI::App*) { return true; })) {
        const auto words = prefix + (prefix.empty() ? "" : " ") + each->get_name();
        if (each->get_require_subcommand_min() == 0) commands.insert(words);
        commands.merge(commands_below(*each, words));
    }
    return commands;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_examples)

BOOST_AUTO_TEST_CASE(every_example_is_understood_and_runs_its_command) {
    for (const auto& example : all_examples()) {
        Line line;
        BOOST_TEST(example.line.starts_with("hourglass " + std::string(example.command)), example.line);
        BOOST_CHECK_NO_THROW(line.app.parse(without_redirection(example.line), true));
        BOOST_TEST(static_cast<bool>(line.command), example.line);
    }
}

BOOST_AUTO_TEST_CASE(every_command_has_an_example_in_its_help) {
    const Line line;
    std::set<std::string> shown;
    for (const auto& example : all_examples())
        shown.emplace(example.command);
    BOOST_TEST(shown == commands_below(line.app, ""), boost::test_tools::per_element());
    const auto* const help = line.app.get_subcommand("user")->get_subcommand("add");
    BOOST_TEST(help->help().find("Examples:\n  hourglass user add ann") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

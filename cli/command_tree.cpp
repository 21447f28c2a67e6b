#include "cli/command_tree.hpp"

#include <sstream>

namespace hourglass::cli {

namespace {

bool is_option_group(const CLI::App& command) {
    return command.get_name().empty();
}

std::vector<const CLI::App*> children_of(const CLI::App& command) {
    return command.get_subcommands([](const CLI::App*) { return true; });
}

void collect_options(const CLI::App& command, Options& into) {
    for (const auto* option : command.get_options())
        if (!option->get_group().empty()) into.push_back(option);
    for (const auto* child : children_of(command))
        if (is_option_group(*child)) collect_options(*child, into);
}

template <class Predicate>
Options options_of(const CLI::App& command, Predicate is_wanted) {
    Options options;
    collect_options(command, options);
    std::erase_if(options, [&](const auto* option) { return !is_wanted(*option); });
    return options;
}

}  // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
    auto commands = children_of(command);
    std::erase_if(commands,
                  [](const auto* child) { return is_option_group(*child) || child->get_group().empty(); });
    return commands;
}

Options flags_of(const CLI::App& command) {
    return options_of(command, [](const CLI::Option& option) { return option.nonpositional(); });
}

Options positionals_of(const CLI::App& command) {
    return options_of(command, [](const CLI::Option& option) { return option.get_positional(); });
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

std::vector<std::string> choices_of(const CLI::Option& option) {
    const auto type = option.get_type_name();  // "TEXT:{read,write}"
    const auto begin = type.find('{');
    const auto end = type.find('}');
    if (begin == std::string::npos || end == std::string::npos) return {};
    std::istringstream list(type.substr(begin + 1, end - begin - 1));
    std::vector<std::string> choices;
    for (std::string choice; std::getline(list, choice, ',');)
        choices.push_back(choice);
    return choices;
}

}  // namespace hourglass::cli

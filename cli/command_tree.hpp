// The command line as it was described to the parser, read back: for those who explain it to other programs.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace hourglass::cli {

using Options = std::vector<const CLI::Option*>;

// The commands directly below `command`, in the order in which --help shows them, without hidden ones.
std::vector<const CLI::App*> commands_of(const CLI::App& command);
// What is named with dashes, and what is known by its place; those of option groups too, without hidden ones.
Options flags_of(const CLI::App& command);
Options positionals_of(const CLI::App& command);

bool takes_value(const CLI::Option& option);
// The words that an option is limited to; none if it is not.
std::vector<std::string> choices_of(const CLI::Option& option);

}  // namespace hourglass::cli

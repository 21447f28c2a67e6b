// What --help shows below the options of each command: lines to copy.
#pragma once

#include <CLI/CLI.hpp>

#include <span>
#include <string_view>

namespace hourglass::cli {

struct Example {
    std::string_view command;  // "user add"
    std::string_view line;
};

std::span<const Example> all_examples();

// Puts each into the help of its command. After all commands were added.
void add_examples(CLI::App& line);

}  // namespace hourglass::cli

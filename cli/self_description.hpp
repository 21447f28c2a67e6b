// What the tool tells other programs of itself, before its line is looked at as a command:
//   hourglass --manual              the manual of every command, in Markdown, of which the manual page is
//   made hourglass --complete WORD...    what the last word may become: a candidate a line, and after a tab
//   what it means
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hourglass::cli {

// `words` are those behind the tool's name. nullopt if they ask for neither.
std::optional<std::string> describe_itself(const CLI::App& line, const std::vector<std::string>& words);

}  // namespace hourglass::cli

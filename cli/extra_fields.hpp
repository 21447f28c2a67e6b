// The fields of user_extra, as flags of `extra set` and as words of `extra unset`.
#pragma once

#include "cli/json.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace hourglass::cli {

// What was asked for goes into `body`; it must outlive the command.
void add_extra_field_flags(CLI::App& command, Json& body);

// "city", "postal-code" and so on, and the field that such a word means.
std::vector<std::string> extra_field_words();
std::string extra_field(std::string word);

}  // namespace hourglass::cli

// The manual of every command, in Markdown, from what the parser knows: the larger part of hourglass(1).
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace hourglass::cli {

// `line` is the whole command line. Definition lists are PHP Markdown Extra's.
std::string manual_of(const CLI::App& line);

}  // namespace hourglass::cli

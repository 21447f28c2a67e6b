// The flags that say which users are meant, the same for `user list` and `export`.
#pragma once

#include "cli/url.hpp"

#include <CLI/CLI.hpp>

namespace hourglass::cli {

// As parameters of the API. `filters` lives as long as the command.
void add_user_filter_flags(CLI::App& command, Query& filters);

}  // namespace hourglass::cli

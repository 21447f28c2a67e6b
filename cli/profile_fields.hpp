// The flags that set fields of a profile, the same for `profile add` and `profile edit`.
#pragma once

#include "cli/json.hpp"

#include <CLI/CLI.hpp>

namespace hourglass::cli {

// What was asked for on the command line goes into `body`, as that of a POST or PATCH; it must outlive the
// command.
void add_profile_field_flags(CLI::App& command, Json& body);

}  // namespace hourglass::cli

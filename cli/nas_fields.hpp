// The flags that set fields of a NAS, the same for `nas add` and `nas edit`.
#pragma once

#include "cli/json.hpp"

#include <CLI/CLI.hpp>

namespace hourglass::cli {

// What was asked for on the command line, as the body of a POST or PATCH.
struct NasFields {
    Json body = Json::object();
    bool secret_from_stdin{};
};

void add_nas_field_flags(CLI::App& command, NasFields& fields);

}  // namespace hourglass::cli

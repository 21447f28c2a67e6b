// The flags that set fields of a user, the same for `user add` and `user edit`.
#pragma once

#include "cli/json.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace hourglass::cli {

// What was asked for on the command line, as the body of a POST or PATCH.
struct UserFields {
    Json body = Json::object();
    bool password_from_stdin{};
};

void add_user_field_flags(CLI::App& command, UserFields& fields);

}  // namespace hourglass::cli

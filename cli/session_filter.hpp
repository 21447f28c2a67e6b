// The flags that say which sessions are meant, the same for `session list`, `disconnect` and `watch`.
#pragma once

#include "cli/api.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace hourglass::cli {

struct SessionFilter {
    std::string user;  // as Api::find_user reads it
    Query query{};     // what else was asked for, as parameters of the API

    bool is_empty() const { return user.empty() && query.empty(); }
    // As parameters of the API. Throws Failure if there is no such user.
    Query resolve(Api& api) const;
};

// `filter` lives as long as the command.
void add_session_filter_flags(CLI::App& command, SessionFilter& filter);

}  // namespace hourglass::cli

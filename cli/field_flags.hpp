// Flags that set a field of what is sent, as tables have them.
#pragma once

#include "cli/json.hpp"

#include <CLI/CLI.hpp>

#include <span>

namespace hourglass::cli {

struct FieldFlag {
    const char* flag;
    const char* field;
    const char* help;
};

// What was asked for goes into `body`, "" as null; it must outlive the command.
void add_text_flags(CLI::App& command, Json& body, std::span<const FieldFlag> flags);

}  // namespace hourglass::cli

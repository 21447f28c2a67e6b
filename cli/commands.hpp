// The nouns of the command line. Each adds its verbs to the parser; the verb that was typed leaves the
// Command to run, which happens after the whole line was understood.
#pragma once

#include "cli/api.hpp"
#include "cli/failure.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <ostream>

namespace hourglass::cli {

struct Context {
    Api& api;
    std::ostream& out;
    bool as_json{};  // for scripts; otherwise for people
};

using Command = std::function<ExitStatus(Context&)>;

// All of them, in the order in which --help shows them.
void add_commands(CLI::App& line, Command& chosen);

void add_user_commands(CLI::App& line, Command& chosen);
void add_balance_commands(CLI::App& line, Command& chosen);
void add_event_commands(CLI::App& line, Command& chosen);
void add_explain_command(CLI::App& line, Command& chosen);
void add_check_login_command(CLI::App& line, Command& chosen);
void add_trace_command(CLI::App& line, Command& chosen);
void add_profile_commands(CLI::App& line, Command& chosen);
void add_nas_commands(CLI::App& line, Command& chosen);
void add_nas_seen_command(CLI::App& nas, Command& chosen);
void add_organization_commands(CLI::App& line, Command& chosen);
void add_extra_commands(CLI::App& line, Command& chosen);
void add_session_commands(CLI::App& line, Command& chosen);
void add_session_disconnect_command(CLI::App& session, Command& chosen);
void add_session_watch_command(CLI::App& session, Command& chosen);
void add_token_commands(CLI::App& line, Command& chosen);
void add_transfer_commands(CLI::App& line, Command& chosen);
void add_check_command(CLI::App& line, Command& chosen);
void add_status_command(CLI::App& line, Command& chosen);
void add_audit_command(CLI::App& line, Command& chosen);
void add_backup_command(CLI::App& line, Command& chosen);
void add_restore_command(CLI::App& line, Command& chosen);
void add_simulate_command(CLI::App& line, Command& chosen);

}  // namespace hourglass::cli

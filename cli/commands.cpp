#include "cli/commands.hpp"

#include "cli/examples.hpp"

namespace hourglass::cli {

void add_commands(CLI::App& line, Command& chosen) {
    add_user_commands(line, chosen);
    add_extra_commands(line, chosen);
    add_balance_commands(line, chosen);
    add_session_commands(line, chosen);
    add_explain_command(line, chosen);
    add_check_login_command(line, chosen);
    add_trace_command(line, chosen);
    add_event_commands(line, chosen);
    add_profile_commands(line, chosen);
    add_nas_commands(line, chosen);
    add_organization_commands(line, chosen);
    add_token_commands(line, chosen);
    add_transfer_commands(line, chosen);
    add_status_command(line, chosen);
    add_check_command(line, chosen);
    add_audit_command(line, chosen);
    add_backup_command(line, chosen);
    add_restore_command(line, chosen);
    add_simulate_command(line, chosen);
    add_examples(line);
}

}  // namespace hourglass::cli

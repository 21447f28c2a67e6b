// The settings explained: the example file in etc/ and the page in docs/, both written from the rows.
#include "daemon/setting_rows.hpp"
#include "daemon/settings.hpp"

#include <sstream>

namespace hourglass::daemon {

namespace {

constexpr std::size_t comment_columns = 100;

constexpr std::string_view example_opening =
    R"(# Settings of hourglassd. What is commented out shows the default; only what differs need be written here.
# Check a change with "hourglassd --check", then "systemctl reload hourglassd" (or restart, where it says so).
)";

constexpr std::string_view example_clients_opening = R"(
# One [[radius.client]] for each network access server (NAS) or network of them.
#
#[[radius.client]]
)";

constexpr std::string_view manual_opening = R"(# Settings

Written from `daemon/settings.def` by `hourglassd --manual`; a test holds it to that.

`hourglassd` reads `/etc/hourglass/hourglass.toml`, or the file named by `--config`; without a file the defaults hold.
`hourglassd --check` tells what is wrong with file and line, `hourglassd --print-config` shows every value and where it
was set, and `hourglassd --example` prints a file with every setting explained. On `SIGHUP` (`systemctl reload
hourglassd`) the file is read again: what can change while running does, the rest is logged and waits for a restart;
a file with a mistake changes nothing.
)";

constexpr std::string_view manual_clients_opening = R"(
## `[[radius.client]]`

One for each NAS, or for a network of them. A reload changes them.
)";

constexpr std::string_view example_realms_opening = R"(
# One [[radius.realm]] for each realm behind the @ of user names, if they have any.
#
#[[radius.realm]]
)";

constexpr std::string_view manual_realms_opening = R"(
## `[[radius.realm]]`

One for each realm behind the @ of user names, if they have any: see [identity.md](identity.md). A reload changes them.
)";

void write_comment(std::ostream& out, std::string_view text) {
    std::istringstream words{std::string(text)};
    std::string line = "#";
    for (std::string word; words >> word;) {
        if (line.size() + 1 + word.size() > comment_columns) {
            out << line << '\n';
            line = "#";
        }
        line += " " + word;
    }
    out << line << '\n';
}

template <class Row>
void write_example(std::ostream& out, const Row& row) {
    write_comment(out, std::string(row.help) + (row.in_force == InForce::after_restart ? " (restart)" : ""));
    out << "#" << row.key << " = " << (row.fallback.empty() ? R"("...")" : row.fallback) << '\n';
}

template <class Row>
void write_manual(std::ostream& out, const Row& row) {
    out << "\n### `" << row.key << "`\n\n" << row.help << "\n\n";
    out << "- Must be " << row.rule.demand() << ".\n";
    if (row.fallback.empty()) {
        out << "- Required.\n";
    } else {
        out << "- Default: `" << row.fallback << "`.\n";
    }
    if (row.section == client_section || row.section == realm_section) return;
    out << (row.in_force == InForce::after_reload ? "- A reload changes it.\n"
                                                  : "- A change takes a restart.\n");
}

}  // namespace

std::string example_configuration() {
    std::ostringstream out;
    out << example_opening;
    std::string_view section;
    for (const auto& row : setting_rows) {
        if (row.section != section) out << "\n[" << row.section << "]\n";
        if (row.section == section) out << '\n';
        section = row.section;
        write_example(out, row);
    }
    out << example_clients_opening;
    for (const auto& row : client_rows)
        write_example(out, row);
    out << example_realms_opening;
    for (const auto& row : realm_rows)
        write_example(out, row);
    return out.str();
}

std::string settings_manual() {
    std::ostringstream out;
    out << manual_opening;
    std::string_view section;
    for (const auto& row : setting_rows) {
        if (row.section != section) out << "\n## `[" << row.section << "]`\n";
        section = row.section;
        write_manual(out, row);
    }
    out << manual_clients_opening;
    for (const auto& row : client_rows)
        write_manual(out, row);
    out << manual_realms_opening;
    for (const auto& row : realm_rows)
        write_manual(out, row);
    return out.str();
}

}  // namespace hourglass::daemon

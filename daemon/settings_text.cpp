// What --print-config prints, and what a reload changed.
#include "daemon/setting_rows.hpp"
#include "daemon/settings.hpp"

#include <sstream>

namespace hourglass::daemon {

namespace {

template <class Record, class Rows>
void print_values(std::ostream& out, const Record& record, const Rows& rows, const std::string& file) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        const bool starts_section = i == 0 || rows[i - 1].section != row.section;
        if (starts_section && row.section != client_section) out << "\n[" << row.section << "]\n";
        out << row.key << " = " << row.rule.show(row.read(record)) << "  # ";
        if (record.lines[i] == 0) {
            out << "default\n";
        } else {
            out << file << ":" << record.lines[i] << '\n';
        }
    }
}

std::string clients_as_text(const Configuration& configuration) {
    std::ostringstream text;
    for (const auto& client : configuration.clients) {
        for (const auto& row : client_rows)
            text << to_toml(row.read(client)) << '\n';
    }
    return text.str();
}

}  // namespace

std::string print_configuration(const Configuration& configuration) {
    std::ostringstream out;
    out << "# " << (configuration.file.empty() ? "No settings file: all defaults" : configuration.file)
        << '\n';
    print_values(out, configuration.settings, setting_rows, configuration.file);
    for (const auto& client : configuration.clients) {
        out << "\n[[" << client_section << "]]\n";
        print_values(out, client, client_rows, configuration.file);
    }
    return out.str();
}

ConfigurationChanges compare(const Configuration& before, const Configuration& after) {
    ConfigurationChanges changes;
    for (const auto& row : setting_rows) {
        if (row.read(before.settings) == row.read(after.settings)) continue;
        auto& list = row.in_force == InForce::after_reload ? changes.in_force : changes.after_restart;
        list.push_back(std::string(row.section) + "." + std::string(row.key));
    }
    if (clients_as_text(before) != clients_as_text(after)) {
        changes.in_force.emplace_back(client_section);
    }
    return changes;
}

}  // namespace hourglass::daemon

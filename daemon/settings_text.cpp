// What --print-config prints.
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
        if (starts_section && row.section != client_section && row.section != realm_section)
            out << "\n[" << row.section << "]\n";
        out << row.key << " = " << row.rule.show(row.read(record)) << "  # ";
        if (record.lines[i] == 0) {
            out << "default\n";
        } else {
            out << file << ":" << record.lines[i] << '\n';
        }
    }
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
    for (const auto& realm : configuration.realms) {
        out << "\n[[" << realm_section << "]]\n";
        print_values(out, realm, realm_rows, configuration.file);
    }
    return out.str();
}

}  // namespace hourglass::daemon

// Which settings change while running. The others keep their value in the running configuration, so that
// every reload says again that they wait for a restart.
#include "daemon/setting_rows.hpp"
#include "daemon/settings.hpp"

#include <algorithm>

namespace hourglass::daemon {

namespace {

template <class Record, class Rows>
bool are_same(const std::vector<Record>& some, const std::vector<Record>& others, const Rows& rows) {
    return std::ranges::equal(some, others, [&](const Record& one, const Record& other) {
        return std::ranges::all_of(rows, [&](const auto& row) { return row.read(one) == row.read(other); });
    });
}

}  // namespace

Reloaded reload_configuration(Configuration& running, const Configuration& fresh) {
    Reloaded changes;
    for (const auto& row : setting_rows) {
        const auto value = row.read(fresh.settings);
        if (row.read(running.settings) == value) continue;

        const bool can_change = row.in_force == InForce::after_reload;
        if (can_change) row.assign(running.settings, value);
        auto& list = can_change ? changes.in_force : changes.after_restart;
        list.push_back(std::string(row.section) + "." + std::string(row.key));
    }
    if (!are_same(running.clients, fresh.clients, client_rows)) {
        running.clients = fresh.clients;
        changes.in_force.emplace_back(client_section);
    }
    if (!are_same(running.realms, fresh.realms, realm_rows)) {
        running.realms = fresh.realms;
        changes.in_force.emplace_back(realm_section);
    }
    running.has_file = fresh.has_file;
    return changes;
}

}  // namespace hourglass::daemon

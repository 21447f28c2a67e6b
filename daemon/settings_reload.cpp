// Which settings change while running. The others keep their value in the running configuration, so that
// every reload says again that they wait for a restart.
#include "daemon/setting_rows.hpp"
#include "daemon/settings.hpp"

#include <algorithm>

namespace hourglass::daemon {

namespace {

bool are_same(const ClientSettings& one, const ClientSettings& other) {
    return std::ranges::all_of(client_rows,
                               [&](const auto& row) { return row.read(one) == row.read(other); });
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
    if (!std::ranges::equal(running.clients, fresh.clients, are_same)) {
        running.clients = fresh.clients;
        changes.in_force.emplace_back(client_section);
    }
    running.has_file = fresh.has_file;
    return changes;
}

}  // namespace hourglass::daemon

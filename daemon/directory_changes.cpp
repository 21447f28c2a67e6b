#include "daemon/directory_changes.hpp"

#include "store/decimal.hpp"

#include <utility>

namespace hourglass::daemon {

namespace {

std::optional<store::OrganizationId> organization_of(const store::Record& profile) {
    const auto found = profile.fields.find(store::record_field::organization);
    return found == profile.fields.end() ? std::nullopt : store::parse_decimal(found->second);
}

}  // namespace

void DirectoryChanges::observe(const std::vector<store::Record>& profiles,
                               const std::vector<store::Record>& organizations) {
    Versions new_profiles;
    for (const auto& profile : profiles)
        new_profiles[profile.id] = {profile.version, organization_of(profile)};
    Versions new_organizations;
    for (const auto& organization : organizations)
        new_organizations[organization.id] = {organization.version, organization.id};

    if (profiles_) compare(*profiles_, new_profiles);
    if (organizations_) compare(*organizations_, new_organizations);
    profiles_ = std::move(new_profiles);
    organizations_ = std::move(new_organizations);
}

Concerned DirectoryChanges::take() {
    return std::exchange(concerned_, {});
}

void DirectoryChanges::compare(const Versions& before, const Versions& after) {
    for (const auto& [id, known] : before) {
        const auto now = after.find(id);
        if (now == after.end() || now->second != known) concern(known);
    }
    for (const auto& [id, known] : after) {
        const auto then = before.find(id);
        if (then == before.end() || then->second != known) concern(known);
    }
}

void DirectoryChanges::concern(const Known& record) {
    if (record.organization) {
        concerned_.organizations.insert(*record.organization);
    } else {
        concerned_.all = true;
    }
}

}  // namespace hourglass::daemon

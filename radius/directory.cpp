#include "radius/directory.hpp"

#include <algorithm>

namespace hourglass::radius {

Directory::Directory(std::vector<store::Profile> profiles, std::vector<Organization> organizations) {
    for (auto& profile : profiles) {
        auto name = profile.name;
        profiles_.emplace(std::move(name), std::move(profile));
    }
    for (auto& organization : organizations) {
        const auto id = organization.id;
        organizations_.emplace(id, std::move(organization));
    }
}

std::vector<const store::Profile*> Directory::profiles_of(const store::LoginUser& user) const {
    std::vector<const store::Profile*> named;
    if (profiles_.empty() || user.profile.empty()) return named;
    for (const auto& name : store::parse_profile_names(user.profile)) {
        const auto found = profiles_.find(name);
        if (found == profiles_.end()) continue;
        const auto& profile = found->second;
        if (!profile.organization || *profile.organization == user.organization) named.push_back(&profile);
    }
    return named;
}

std::vector<store::OrganizationId> Directory::with_those_below(store::OrganizationId id) const {
    std::vector<store::OrganizationId> family{id};
    for (std::size_t i = 0; i < family.size(); ++i) {
        for (const auto& [child, organization] : organizations_) {
            const bool is_new = std::ranges::find(family, child) == family.end();
            if (organization.parent == family[i] && is_new) family.push_back(child);
        }
    }
    return family;
}

const Organization* Directory::find_organization(store::OrganizationId id) const {
    const auto found = organizations_.find(id);
    return found == organizations_.end() ? nullptr : &found->second;
}

}  // namespace hourglass::radius

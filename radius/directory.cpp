#include "radius/directory.hpp"

#include <algorithm>

namespace hourglass::radius {

Directory::Directory(std::vector<store::Profile> profiles, std::vector<Organization> organizations,
                     std::shared_ptr<const Dictionary> dictionary)
    : dictionary_(std::move(dictionary)) {
    for (auto& profile : profiles) {
        auto name = profile.name;
        profiles_.emplace(std::move(name), read_profile(std::move(profile), *dictionary_));
    }
    for (auto& organization : organizations) {
        const auto id = organization.id;
        organizations_.emplace(id, std::move(organization));
    }
}

void Directory::replace(std::shared_ptr<const Dictionary> dictionary) {
    dictionary_ = std::move(dictionary);
    for (auto& [name, profile] : profiles_)
        profile = read_profile(std::move(profile.settings), *dictionary_);
}

Profiles Directory::profiles_of(const store::LoginUser& user) const {
    Profiles named;
    for (const auto& name : user.profiles) {
        const auto found = profiles_.find(name);
        if (found == profiles_.end()) continue;
        const auto& organization = found->second.settings.organization;
        if (!organization || *organization == user.organization) named.push_back(&found->second);
    }
    return named;
}

std::vector<const Profile*> Directory::profiles_with_mistakes() const {
    std::vector<const Profile*> found;
    for (const auto& [name, profile] : profiles_) {
        if (!profile.mistakes.empty()) found.push_back(&profile);
    }
    return found;
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

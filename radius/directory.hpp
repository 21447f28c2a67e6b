// Profiles and organizations as logins look them up: an immutable part of the snapshot.
#pragma once

#include "store/profile.hpp"
#include "store/users.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace hourglass::radius {

struct Organization {
    store::OrganizationId id{};
    std::string name;
    std::optional<store::OrganizationId> parent;
    bool is_active = true;
};

// What the first of the profiles says that says something; nullptr if none does.
template <class Value>
const Value* first_of(const std::vector<const store::Profile*>& profiles,
                      std::optional<Value> store::Profile::* member) {
    for (const auto* profile : profiles) {
        if (const auto& value = profile->*member) return &*value;
    }
    return nullptr;
}

class Directory {
public:
    Directory() = default;
    Directory(std::vector<store::Profile> profiles, std::vector<Organization> organizations);

    // The profiles that the user's list names, in order of precedence: those for all, and those of his own
    // organization. They live as long as the directory.
    std::vector<const store::Profile*> profiles_of(const store::LoginUser& user) const;
    // This one, and all that have it for a parent, or for a parent's parent, and so on.
    std::vector<store::OrganizationId> with_those_below(store::OrganizationId id) const;
    // nullptr: nobody has described it.
    const Organization* find_organization(store::OrganizationId id) const;

private:
    boost::unordered_flat_map<std::string, store::Profile> profiles_;  // by name
    boost::unordered_flat_map<store::OrganizationId, Organization> organizations_;
};

}  // namespace hourglass::radius

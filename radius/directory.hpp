// Profiles and organizations as logins look them up: an immutable part of the snapshot.
#pragma once

#include "radius/dictionary_builtin.hpp"
#include "radius/profile.hpp"
#include "store/users.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace hourglass::radius {

struct Organization {
    store::OrganizationId id{};
    std::string name;
    std::optional<store::OrganizationId> parent;
    bool is_active = true;
};

class Directory {
public:
    Directory() = default;
    Directory(std::vector<store::Profile> profiles, std::vector<Organization> organizations,
              std::shared_ptr<const Dictionary> dictionary = builtin_dictionary());

    // The profiles that the user's list names, in order of precedence: those for all, and those of his own
    // organization. They live as long as the directory.
    Profiles profiles_of(const store::LoginUser& user) const;
    // In no order.
    std::vector<const Profile*> profiles_with_mistakes() const;
    // This one, and all that have it for a parent, or for a parent's parent, and so on.
    std::vector<store::OrganizationId> with_those_below(store::OrganizationId id) const;
    // nullptr: nobody has described it.
    const Organization* find_organization(store::OrganizationId id) const;
    // By which the profiles' attributes are read.
    const Dictionary& dictionary() const { return *dictionary_; }
    // Reads all profiles again.
    void replace(std::shared_ptr<const Dictionary> dictionary);

private:
    std::shared_ptr<const Dictionary> dictionary_ = builtin_dictionary();
    boost::unordered_flat_map<std::string, Profile> profiles_;  // by name
    boost::unordered_flat_map<store::OrganizationId, Organization> organizations_;
};

}  // namespace hourglass::radius

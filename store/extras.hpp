// The records of user_extra: at most one a user, in the same slot as the user.
#pragma once

#include "store/users.hpp"

namespace hourglass::store {

struct ExtraFilter {
    std::optional<UserId> parent;
    std::optional<OrganizationId> parent_organization;
    std::vector<OrganizationId> visible_organizations;  // empty: all
};

// Fields listed as secret are sealed in Redis; they are read back in plain.
class Extras {
public:
    Extras(RedisConnection& redis, const SecretBox& secrets);

    // Error::parent_not_found, Error::already_exists.
    awaitable<result<Extra>> create(UserId parent, Fields fields);
    // Error::not_found.
    awaitable<result<Extra>> find(ExtraId id);
    awaitable<result<Page<Extra>>> list(ExtraFilter filter, PageRequest page);
    // Moves the record when `parent` names another user. Error::not_found, parent_not_found, already_exists.
    awaitable<result<Extra>> change(ExtraId id, std::optional<UserId> parent, FieldChanges changes);
    // Error::not_found.
    awaitable<result<void>> remove(ExtraId id);

private:
    RedisConnection& redis_;
    const SecretBox& secrets_;
};

}  // namespace hourglass::store

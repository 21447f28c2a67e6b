// The records of user_extra: at most one a user, in the same slot as the user.
#pragma once

#include "store/users.hpp"

#include <array>

namespace hourglass::store {

// Identity data: sealed in Redis, read back in plain.
inline constexpr auto secret_extra_fields =
    std::to_array<std::string_view>({"passport_number", "country_id", "tax_id"});

struct ExtraFilter {
    std::optional<UserId> parent{};
    std::optional<OrganizationId> parent_organization{};
    std::vector<OrganizationId> visible_organizations{};  // empty: all
};

class Extras {
public:
    Extras(RedisConnection& redis, const SecretBox& secrets);

    // Error::parent_not_found, Error::already_exists.
    awaitable<result<Extra>> create(UserId parent, Fields fields);
    // Error::not_found.
    awaitable<result<Extra>> find(ExtraId id);
    awaitable<result<Page<Extra>>> list(ExtraFilter filter, PageRequest page);
    // Moves the record when `parent` names another user. Error::not_found, parent_not_found, already_exists,
    // version_changed.
    awaitable<result<Extra>> change(ExtraId id, std::optional<UserId> parent, FieldChanges changes,
                                    ExpectedVersion expected = {});
    // Error::not_found, version_changed.
    awaitable<result<void>> remove(ExtraId id, ExpectedVersion expected = {});

private:
    // Error::parent_not_found, already_exists; the same id again is written again.
    awaitable<result<void>> put(ExtraId id, UserId parent, FieldChanges changes);
    // `now_at` is the parent it lies beside instead, if any.
    awaitable<result<void>> take_off(ExtraId id, UserId parent, std::optional<UserId> now_at,
                                     ExpectedVersion expected = {});
    // Changes what lies beside `parent`, without reading it back.
    awaitable<result<void>> write(ExtraId id, UserId parent, FieldChanges changes, ExpectedVersion expected);
    awaitable<result<Extra>> move(ExtraId id, UserId from, UserId to, FieldChanges changes);
    // Those whose record is there, in the order of `ids`.
    awaitable<result<std::vector<Extra>>> read(std::vector<ExtraId> ids);

    RedisConnection& redis_;
    const SecretBox& secrets_;
};

}  // namespace hourglass::store

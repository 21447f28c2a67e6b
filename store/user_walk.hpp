// All users that fit a filter, batch by batch, for moving them to another store: by ascending id and from
// where the last batch ended, so that a million cost a million reads and no batch more than another.
#pragma once

#include "store/users.hpp"

namespace hourglass::store {

// Little enough that no login waits behind one for more than about a millisecond.
inline constexpr std::size_t walk_batch_users = 100;

// Never logged, never shown as it is.
struct UserWithPassword {
    User user;
    Secret password;
};

class UserWalk {
public:
    // All three outlive it. Without `with_passwords` they are left empty.
    UserWalk(RedisConnection& redis, const SecretBox& secrets, const LedgerRules& rules, UserFilter filter,
             bool with_passwords);

    // Empty: that was all. A user written meanwhile may be there or not, none comes twice. After an error the
    // same batch may be asked for again. Error::corrupt: a password is sealed under another key.
    awaitable<result<std::vector<UserWithPassword>>> next();

private:
    awaitable<result<std::vector<UserId>>> next_ids();

    RedisConnection& redis_;
    const SecretBox& secrets_;
    const LedgerRules& rules_;
    UserFilter filter_;
    bool with_passwords_;
    bool is_begun_ = false;
    std::optional<std::vector<UserId>> candidates_;  // where the filter names them
    UserId after_ = 0;
};

}  // namespace hourglass::store

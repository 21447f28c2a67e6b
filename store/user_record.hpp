// How a user's record lies in Redis: reading it in a pipeline, and the arguments of the script that writes
// it.
#pragma once

#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/secret_box.hpp"
#include "store/user_indexes.hpp"
#include "store/users.hpp"

namespace hourglass::store {

// Adds `user_read_commands` commands; their replies make the user.
inline constexpr std::size_t user_read_commands = 3;
using UserReplies = std::span<const Reply, user_read_commands>;
void add_user_read(Pipeline& pipeline, UserId id);
// Of a pipeline of such reads, those of the nth.
UserReplies replies_of_user(const std::vector<Reply>& replies, std::size_t n = 0);
// nullopt if there is no such user.
std::optional<User> parse_user(UserId id, UserReplies replies, const LedgerRules& rules);

// The id that no user has: reading it finds nothing, and costs what reading a user costs.
inline constexpr UserId nobody = 0;

// Of a record that is there; lives as long as the reply.
std::string_view sealed_password_in(const Reply& record);

std::string seal_password(const SecretBox& secrets, UserId id, std::string_view password);
result<Secret> open_password(const SecretBox& secrets, UserId id, std::string_view sealed);

// One run of write_user.lua.
struct UserWrite {
    bool is_creation{};
    FieldChanges changes;  // the password sealed
    std::optional<Balance> user_time;
    Actor actor;
    Time now{};
    ExpectedVersion expected{};
    Seconds stale_limit{};
};
void add_user_write(Pipeline& pipeline, UserId id, const UserWrite& write);

// Its answer.
struct UserWritten {
    std::string_view outcome;  // lives as long as the reply
    std::optional<Membership> before;
    std::optional<Membership> after;
    bool must_tell_sessions{};  // some run, and the write concerns them
};
UserWritten parse_user_written(const Reply& reply);

}  // namespace hourglass::store

// One number names a session: the user's id, and below it 20 bits for the session's number within the user,
// 53 bits in all, which every JSON reader holds exactly. Sessions that this does not reach (of unknown users,
// and of a user beyond his first million) come in blocks of 2^20, each with an id of its own from the same
// counter as the users', given when it is first asked for.
#pragma once

#include "store/error.hpp"
#include "store/keys.hpp"

#include <optional>
#include <vector>

namespace hourglass::store {

class RedisConnection;

inline constexpr int session_number_bits = 20;
inline constexpr std::uint64_t sessions_per_block = std::uint64_t{1} << session_number_bits;
inline constexpr UserId session_user_id_max = (UserId{1} << (53 - session_number_bits)) - 1;

// nullopt: beyond the range.
std::optional<SessionId> session_id_of(UserId user, std::uint64_t number);

// The two parts again; nullopt for what is no such id.
struct SessionIdParts {
    UserId user{};  // or the id of a block
    std::uint64_t number{};
};
std::optional<SessionIdParts> split_session_id(SessionId id);

struct SessionName {
    UserTag tag;
    std::uint64_t number{};
};

// The ids of sessions, in their order; blocks that have none are given one.
awaitable<result<std::vector<SessionId>>> find_session_ids(RedisConnection& redis,
                                                           std::vector<SessionName> names);
// Error::not_found for an id that cannot be one; whether the session is there is not asked.
awaitable<result<SessionName>> find_session_name(RedisConnection& redis, SessionId id);

}  // namespace hourglass::store

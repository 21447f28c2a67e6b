// Which sessions an organization has, by their start: one sorted set an organization, in which the running
// ones stand in a range of scores of their own. An entry may name what is gone, or stand in the wrong range
// or organization for a while; session_index_upkeep.hpp mends that. No session lacks its entry.
#pragma once

#include "store/error.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::store {

// One stay. Of two that began at the same second the one with the greater member counts as newer.
struct SessionEntry {
    UserTag tag;
    Time started{};
    std::string field;  // see session_text.hpp

    // "<user tag> <start> <session field>".
    std::string member() const;
};
std::optional<SessionEntry> parse_session_entry(std::string_view member);

// Running sessions have the score start + running_score; all starts lie between -running_score / 2 and
// running_score / 2.
inline constexpr std::int64_t running_score = std::int64_t{1} << 40;
std::string score_of(Time started, bool is_running);

// Each names the organization too, and is safe to repeat. `if_new` leaves an entry that is there as it is:
// its session may be closed by now.
enum class Listing { always, if_new };
void add_listing(Pipeline& pipeline, OrganizationId organization, const SessionEntry& entry, bool is_running,
                 Listing listing = Listing::always);
// Moves an entry that is there to the range of closed ones.
void add_closing(Pipeline& pipeline, OrganizationId organization, const SessionEntry& entry);
void add_delisting(Pipeline& pipeline, OrganizationId organization, const SessionEntry& entry);

// Names a session in the list of its NAS, in which the latest arrival of a report counts.
void add_nas_entry(Pipeline& pipeline, std::string_view nas, const SessionEntry& entry,
                   std::chrono::system_clock::time_point arrival);
// The score there: microseconds since 1970.
std::string arrival_score(std::chrono::system_clock::time_point arrival);

// Those that have any sessions, in no order.
awaitable<result<std::vector<OrganizationId>>> organizations_with_sessions(RedisConnection& redis);

// Lists all sessions of a user under an organization, before his record names it.
awaitable<result<void>> list_sessions(RedisConnection& redis, UserId user, OrganizationId organization);
// After the record was written: lists them where it says, and takes them off the list of `left`.
awaitable<result<void>> settle_sessions(RedisConnection& redis, UserId user, OrganizationId left);

}  // namespace hourglass::store

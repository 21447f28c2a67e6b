// The lists of several organizations' sessions as if they were one, newest first, and places in it at which a
// later page goes on whatever was added meanwhile.
#pragma once

#include "store/session_index.hpp"

#include <limits>
#include <vector>

namespace hourglass::store {

// All starts lie between these.
inline constexpr Time started_least{Seconds(-running_score / 2)};
inline constexpr Time started_most{Seconds(running_score / 2 - 1)};

// Before what a page begins: sessions that began earlier, or at that second and with a lesser member.
struct SessionPosition {
    Time started = started_most;
    std::string member{};  // empty: before all that began later than that second
};
bool is_beyond(const SessionPosition& position, Time started, std::string_view member);

std::string encode(const SessionPosition& position);
std::optional<SessionPosition> parse_session_position(std::string_view text);

struct SessionRange {
    std::vector<OrganizationId> organizations;
    std::optional<bool> is_running;
    Time from = started_least;
    Time until = started_most;
};

// How many the lists name within a range.
awaitable<result<std::uint64_t>> count_sessions(RedisConnection& redis, SessionRange range);

struct ListedEntry {
    OrganizationId organization{};  // in whose list it stands
    SessionEntry entry;
    std::string member;
};

class SessionWalk {
public:
    SessionWalk(RedisConnection& redis, SessionRange range, const SessionPosition& from);

    // At most `count`; none when it is at its end.
    awaitable<result<std::vector<ListedEntry>>> next(std::size_t count);

private:
    struct Source {
        OrganizationId organization{};
        SessionPosition position;
        std::vector<ListedEntry> entries;  // the oldest first
        bool is_exhausted = false;
    };

    awaitable<result<void>> refill(std::size_t count);

    RedisConnection& redis_;
    const SessionRange range_;
    std::vector<Source> sources_;
};

}  // namespace hourglass::store

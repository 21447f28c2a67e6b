// How the store is at this moment, for those who watch it: what Redis says of itself, and how much the
// indexes name. The cost grows with the number of organizations, not with users or sessions.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"

#include <string>

namespace hourglass::store {

class RedisConnection;

// Since Redis started.
struct CommandStatistics {
    std::uint64_t calls{};
    std::uint64_t microseconds{};
};

struct StoreState {
    // Deadlines that nobody has dealt with for so long, though somebody should have within a second or two.
    static constexpr Seconds overdue_after{10};

    std::string redis_version;
    std::uint64_t memory_octets{};
    std::uint64_t memory_octets_max{};  // 0: Redis has no limit of its own
    bool is_file_written{};             // the append-only file, at the last try
    CommandStatistics scripts;
    CommandStatistics transactions;
    std::uint64_t running_sessions{};
    std::uint64_t deadlines{};  // users who have one
    std::uint64_t overdue_deadlines{};
};

awaitable<result<StoreState>> read_store_state(RedisConnection& redis, Time now);

}  // namespace hourglass::store

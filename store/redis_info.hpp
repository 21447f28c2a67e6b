// What a Redis says of itself: by INFO, lines "name:value", some of whose values are "key=value,key=value";
// and how its clock stands, and how long it takes to answer.
#pragma once

#include "store/account.hpp"
#include "store/error.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace hourglass::store {

class RedisConnection;

// Of one line; empty if it is not there.
std::string_view info_value(std::string_view info, std::string_view name);

// Of one key within such a value; empty if it is not there.
std::string_view info_part(std::string_view value, std::string_view key);

struct RedisInfo {
    std::string version;
    std::string role;
    std::uint64_t memory_octets{};
    std::uint64_t memory_octets_max{};  // 0: no limit
    std::uint64_t machine_memory_octets{};
    std::uint64_t append_file_octets{};
    std::uint64_t commands_a_second{};
    std::uint64_t clients{};
    bool is_append_only{};
    bool is_last_write_good{};    // of the append-only file
    bool is_last_rewrite_good{};  // the same
    Time last_save{};             // of a snapshot
    Time time{};                  // by its clock
    std::chrono::microseconds round_trip{};
};

awaitable<result<RedisInfo>> read_redis_info(RedisConnection& redis);

}  // namespace hourglass::store

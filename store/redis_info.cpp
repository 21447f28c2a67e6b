#include "store/redis_info.hpp"

#include "store/decimal.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view good = "ok";

std::uint64_t number(std::string_view info, std::string_view name) {
    return parse_decimal<std::uint64_t>(info_value(info, name)).value_or(0);
}

Time time_of(std::string_view seconds) {
    return Time(Seconds(parse_decimal<std::int64_t>(seconds).value_or(0)));
}

}  // namespace

std::string_view info_value(std::string_view info, std::string_view name) {
    while (!info.empty()) {
        auto line = info.substr(0, info.find('\n'));
        info.remove_prefix(std::min(line.size() + 1, info.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
            return line.substr(name.size() + 1);
    }
    return {};
}

std::string_view info_part(std::string_view value, std::string_view key) {
    while (!value.empty()) {
        const auto part = value.substr(0, value.find(','));
        value.remove_prefix(std::min(part.size() + 1, value.size()));
        if (part.starts_with(key) && part.substr(key.size()).starts_with('='))
            return part.substr(key.size() + 1);
    }
    return {};
}

awaitable<result<RedisInfo>> read_redis_info(RedisConnection& redis) {
    const auto asked_at = Clock::now();
    auto ask_time = Pipeline().add({"TIME"});
    const auto time = co_await redis.execute(std::move(ask_time));
    if (!time) co_return time.error();
    const auto round_trip = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked_at);

    auto ask_info = Pipeline().add({"INFO"});
    const auto reply = co_await redis.execute(std::move(ask_info));
    if (!reply) co_return reply.error();
    const auto info = reply->text();
    const auto clock = time->elements();
    co_return RedisInfo{
        .version = std::string(info_value(info, "redis_version")),
        .role = std::string(info_value(info, "role")),
        .memory_octets = number(info, "used_memory"),
        .memory_octets_max = number(info, "maxmemory"),
        .machine_memory_octets = number(info, "total_system_memory"),
        .append_file_octets = number(info, "aof_current_size"),
        .commands_a_second = number(info, "instantaneous_ops_per_sec"),
        .clients = number(info, "connected_clients"),
        .is_append_only = number(info, "aof_enabled") != 0,
        .is_last_write_good = info_value(info, "aof_last_write_status") == good,
        .is_last_rewrite_good = info_value(info, "aof_last_bgrewrite_status") == good,
        .last_save = time_of(info_value(info, "rdb_last_save_time")),
        .time = time_of(clock.empty() ? std::string_view() : text_of(clock.front())),
        .round_trip = round_trip,
    };
}

}  // namespace hourglass::store

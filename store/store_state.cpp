#include "store/store_state.hpp"

#include "store/deadlines.hpp"
#include "store/decimal.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_info.hpp"
#include "store/session_pages.hpp"

namespace hourglass::store {
namespace {

std::uint64_t number(std::string_view text) {
    return parse_decimal<std::uint64_t>(text).value_or(0);
}

CommandStatistics statistics_of(std::string_view command, std::string_view info) {
    const auto value = info_value(info, "cmdstat_" + std::string(command));
    return {.calls = number(info_part(value, "calls")), .microseconds = number(info_part(value, "usec"))};
}

}  // namespace

awaitable<result<StoreState>> read_store_state(RedisConnection& redis, Time now) {
    Pipeline questions;
    for (const auto* const section : {"server", "memory", "persistence", "commandstats"})
        questions.add({"INFO", section});
    const auto sections = questions.size();
    for (std::size_t shard = 0; shard < Deadlines::shards; ++shard) {
        questions.add({"ZCARD", keys::deadlines(shard)});
        questions.add({"ZCOUNT", keys::deadlines(shard), "-inf", decimal(now - StoreState::overdue_after)});
    }
    const auto replies = co_await redis.execute_all(std::move(questions));
    if (!replies) co_return replies.error();

    SessionRange running;
    running.is_running = true;
    auto organizations = co_await organizations_with_sessions(redis);
    if (!organizations) co_return organizations.error();
    running.organizations = *std::move(organizations);
    const auto sessions = co_await count_sessions(redis, std::move(running));
    if (!sessions) co_return sessions.error();

    const auto memory = (*replies)[1].text();
    const auto commands = (*replies)[3].text();
    StoreState state{
        .redis_version = std::string(info_value((*replies)[0].text(), "redis_version")),
        .memory_octets = number(info_value(memory, "used_memory")),
        .memory_octets_max = number(info_value(memory, "maxmemory")),
        .is_file_written = info_value((*replies)[2].text(), "aof_last_write_status") == "ok",
        .scripts = statistics_of("evalsha", commands),
        .transactions = statistics_of("exec", commands),
        .running_sessions = *sessions,
    };
    for (std::size_t i = sections; i < replies->size(); i += 2) {
        state.deadlines += static_cast<std::uint64_t>((*replies)[i].integer());
        state.overdue_deadlines += static_cast<std::uint64_t>((*replies)[i + 1].integer());
    }
    co_return std::move(state);
}

}  // namespace hourglass::store

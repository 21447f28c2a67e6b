#include "store/redis_safety.hpp"

#include "store/decimal.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_info.hpp"
#include "store/redis_reply.hpp"

namespace hourglass::store {
namespace {

// ZRANGE takes BYSCORE and REV since this one.
constexpr int version_major_min = 6;
constexpr int version_minor_min = 2;

std::string_view config_value(const Reply& reply) {
    const auto elements = reply.elements();
    return elements.size() == 2 ? text_of(elements[1]) : std::string_view();
}

bool is_new_enough(std::string_view version) {
    const auto dot = version.find('.');
    if (dot == std::string_view::npos) return false;
    const auto rest = version.substr(dot + 1);
    const auto major = parse_decimal<int>(version.substr(0, dot)).value_or(0);
    const auto minor = parse_decimal<int>(rest.substr(0, rest.find('.'))).value_or(0);
    return major > version_major_min || (major == version_major_min && minor >= version_minor_min);
}

// What one setting of Redis must be, and why.
struct Demand {
    std::string_view setting;
    std::string_view value;
    std::string_view otherwise;
};

constexpr auto demands = std::to_array<Demand>({
    {"appendonly",                "yes",        "what was charged is lost when Redis restarts"      },
    {"appendfsync",               "always",     "what was acknowledged is lost when the power fails"},
    {"no-appendfsync-on-rewrite", "no",         "what was acknowledged during a rewrite may be lost"},
    {"maxmemory-policy",          "noeviction", "Redis throws balances away when its memory is full"},
});

}  // namespace

awaitable<result<std::vector<std::string>>> find_hazards(RedisConnection& redis) {
    Pipeline questions;
    questions.add({"INFO", "server"}).add({"INFO", "replication"});
    for (const auto& demand : demands)
        questions.add({"CONFIG", "GET", demand.setting});
    const auto replies = co_await redis.execute_all(std::move(questions));
    if (!replies) co_return replies.error();

    std::vector<std::string> hazards;
    const auto version = info_value((*replies)[0].text(), "redis_version");
    if (!is_new_enough(version)) {
        hazards.push_back("Redis " + std::string(version) + " is too old: use version 6.2 or later");
    }
    if (info_value((*replies)[1].text(), "role") != "master") {
        hazards.emplace_back("Redis is a replica: set store.redis to the address of its master");
    }
    for (std::size_t i = 0; i < demands.size(); ++i) {
        const auto& demand = demands[i];
        const auto value = config_value((*replies)[i + 2]);
        if (value == demand.value) continue;
        hazards.push_back("Redis has " + std::string(demand.setting) + " " + std::string(value) + ", so " +
                          std::string(demand.otherwise) + ": set " + std::string(demand.setting) + " " +
                          std::string(demand.value));
    }
    co_return std::move(hazards);
}

}  // namespace hourglass::store

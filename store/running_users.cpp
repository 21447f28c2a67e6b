#include "store/running_users.hpp"

#include "store/deadlines.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_pages.hpp"

#include <set>

namespace hourglass::store {
namespace {

constexpr std::size_t entries_per_step = 256;

}  // namespace

awaitable<result<void>> touch_running_users(RedisConnection& redis, std::vector<OrganizationId> organizations,
                                            Time now) {
    if (organizations.empty()) {
        auto all = co_await organizations_with_sessions(redis);
        if (!all) co_return all.error();
        organizations = *std::move(all);
    }
    SessionRange range;
    range.organizations = std::move(organizations);
    range.is_running = true;
    SessionWalk walk(redis, std::move(range), {});
    for (;;) {
        const auto entries = co_await walk.next(entries_per_step);
        if (!entries) co_return entries.error();
        if (entries->empty()) co_return result<void>();

        std::set<std::string> tags;
        for (const auto& listed : *entries)
            tags.insert(listed.entry.tag.text);
        Pipeline writes;
        for (const auto& tag : tags)
            writes.run(scripts::note_change, {keys::account({tag})}, {});
        for (const auto& tag : tags)
            add_deadline(writes, {tag}, now);
        const auto written = co_await redis.execute_all(std::move(writes));
        if (!written) co_return written.error();
    }
}

}  // namespace hourglass::store

#include "store/user_search.hpp"

#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"

namespace hourglass::store {
namespace {

constexpr std::size_t names_per_read = 2000;  // about a millisecond of Redis

using Ids = std::vector<UserId>;

// Names are UTF-8, which has no such octet: it stands behind all that begin with the prefix.
std::string end_of(const std::string& prefix) {
    return "(" + prefix + "\xff";
}

UserId id_in(std::string_view member) {
    return parse_decimal(member.substr(member.rfind('\0') + 1)).value_or(0);
}

Ids ids_in(std::span<redisReply* const> members) {
    Ids ids;
    ids.reserve(members.size());
    for (const auto* member : members)
        ids.push_back(id_in(text_of(member)));
    return ids;
}

std::vector<std::string> texts_of(const Ids& ids) {
    std::vector<std::string> texts;
    texts.reserve(ids.size());
    for (const auto id : ids)
        texts.push_back(std::to_string(id));
    return texts;
}

void add_lookup(Pipeline& lookups, const std::string& list, const std::vector<std::string>& ids) {
    std::vector<std::string_view> command{"ZMSCORE", list};
    command.insert(command.end(), ids.begin(), ids.end());
    lookups.add(command);
}

// Those that are in one of `plus` and in none of `minus`, in the same order.
awaitable<result<Ids>> only_in(RedisConnection& redis, const IdLists& lists, Ids ids) {
    const auto texts = texts_of(ids);
    Pipeline lookups;
    for (const auto& list : lists.plus)
        add_lookup(lookups, list, texts);
    for (const auto& list : lists.minus)
        add_lookup(lookups, list, texts);
    const auto replies = co_await redis.execute_all(std::move(lookups));
    if (!replies) co_return replies.error();

    const auto first_minus = replies->begin() + static_cast<std::ptrdiff_t>(lists.plus.size());
    Ids kept;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto has = [i](const Reply& scores) { return !is_nil(scores.elements()[i]); };
        if (std::any_of(replies->begin(), first_minus, has) && std::none_of(first_minus, replies->end(), has))
            kept.push_back(ids[i]);
    }
    co_return std::move(kept);
}

}  // namespace

awaitable<result<Page<UserId>>> page_by_name(RedisConnection& redis, std::string prefix, PageRequest page) {
    Pipeline count;
    count.add({"ZLEXCOUNT", keys::usernames, "-", "(" + prefix})
        .add({"ZLEXCOUNT", keys::usernames, "[" + prefix, end_of(prefix)});
    const auto counts = co_await redis.execute_all(std::move(count));
    if (!counts) co_return counts.error();

    Page<UserId> ids;
    const auto before = static_cast<std::uint64_t>(counts->front().integer());
    ids.count = static_cast<std::uint64_t>(counts->back().integer());
    if (page.offset >= ids.count) co_return std::move(ids);

    // All have the same score, so that ranks follow the names.
    const auto wanted = std::min(page.limit, ids.count - page.offset);
    const auto first = before + (page.descending ? ids.count - page.offset - wanted : page.offset);
    auto read = Pipeline().add(
        {"ZRANGE", keys::usernames, std::to_string(first), std::to_string(first + wanted - 1)});
    const auto members = co_await redis.execute(std::move(read));
    if (!members) co_return members.error();
    ids.items = ids_in(members->elements());
    if (page.descending) std::reverse(ids.items.begin(), ids.items.end());
    co_return std::move(ids);
}

awaitable<result<Ids>> search_by_name(RedisConnection& redis, std::string prefix, IdLists lists) {
    const auto end = end_of(prefix);
    const auto at_once = std::to_string(names_per_read);
    auto from = "[" + prefix;
    Ids found;
    for (bool is_last = lists.plus.empty(); !is_last;) {
        auto read = Pipeline().add({"ZRANGE", keys::usernames, from, end, "BYLEX", "LIMIT", "0", at_once});
        const auto members = co_await redis.execute(std::move(read));
        if (!members) co_return members.error();
        const auto elements = members->elements();
        is_last = elements.size() < names_per_read;
        if (elements.empty()) break;

        from = "(" + std::string(text_of(elements.back()));
        const auto kept = co_await only_in(redis, lists, ids_in(elements));
        if (!kept) co_return kept.error();
        found.insert(found.end(), kept->begin(), kept->end());
    }
    co_return std::move(found);
}

}  // namespace hourglass::store

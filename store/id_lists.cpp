#include "store/id_lists.hpp"

#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace hourglass::store {
namespace {

using Id = std::int64_t;
using Ids = std::vector<Id>;

void append_ids(std::span<redisReply* const> elements, Ids& ids) {
    for (const auto* element : elements)
        ids.push_back(integer_of(element));
}

Id behind(Id id, PageRequest page) {
    return id + (page.descending ? -1 : 1);
}

void add_read_by_rank(Pipeline& read, std::string_view list, PageRequest page) {
    const auto first = std::to_string(page.offset);
    const auto last = std::to_string(page.offset + page.limit - 1);
    if (page.descending)
        read.add({"ZRANGE", list, first, last, "REV"});
    else
        read.add({"ZRANGE", list, first, last});
}

// Up to `limit` ids from `from` on, in the page's direction.
void add_read_from(Pipeline& read, std::string_view list, Id from, std::uint64_t limit, PageRequest page) {
    const auto start = std::to_string(from);
    const auto items = std::to_string(limit);
    if (page.descending)
        read.add({"ZRANGE", list, start, "-inf", "BYSCORE", "REV", "LIMIT", "0", items});
    else
        read.add({"ZRANGE", list, start, "+inf", "BYSCORE", "LIMIT", "0", items});
}

awaitable<result<Page<Id>>> page_of_one_list(RedisConnection& redis, std::string list, PageRequest page) {
    Pipeline read;
    read.add({"ZCARD", list});
    if (page.after)
        add_read_from(read, list, behind(*page.after, page), items_to_look_at(page), page);
    else
        add_read_by_rank(read, list, page);
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    Page<Id> ids;
    ids.count = static_cast<std::uint64_t>(replies->front().integer());
    append_ids(replies->back().elements(), ids.items);
    co_return std::move(ids);
}

// How many ids the lists have from 1 to `last`.
awaitable<result<std::uint64_t>> count_up_to(RedisConnection& redis, const IdLists& lists, Id last) {
    const auto limit = std::to_string(last);
    Pipeline count;
    for (const auto& list : lists.plus)
        count.add({"ZCOUNT", list, "-inf", limit});
    for (const auto& list : lists.minus)
        count.add({"ZCOUNT", list, "-inf", limit});
    const auto replies = co_await redis.execute_all(std::move(count));
    if (!replies) co_return replies.error();

    Id total = 0;
    for (std::size_t i = 0; i < replies->size(); ++i) {
        total += i < lists.plus.size() ? (*replies)[i].integer() : -(*replies)[i].integer();
    }
    co_return static_cast<std::uint64_t>(std::max<Id>(total, 0));
}

awaitable<result<Id>> largest_id(RedisConnection& redis, const IdLists& lists) {
    Pipeline read;
    for (const auto& list : lists.plus)
        read.add({"ZRANGE", list, "-1", "-1"});
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    Ids ids{0};
    for (const auto& reply : *replies)
        append_ids(reply.elements(), ids);
    co_return *std::max_element(ids.begin(), ids.end());
}

// The id at `rank` in ascending order, which there must be.
awaitable<result<Id>> id_at_rank(RedisConnection& redis, const IdLists& lists, std::uint64_t rank,
                                 Id largest) {
    Id low = 1;
    Id high = largest;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto count = co_await count_up_to(redis, lists, middle);
        if (!count) co_return count.error();
        if (*count > rank)
            high = middle;
        else
            low = middle + 1;
    }
    co_return low;
}

// Up to `limit` ids of all lists from `from` on, in the page's direction.
awaitable<result<Ids>> ids_from(RedisConnection& redis, const IdLists& lists, Id from, std::uint64_t limit,
                                PageRequest page) {
    Pipeline read;
    for (const auto& list : lists.plus)
        add_read_from(read, list, from, limit, page);
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    Ids ids;
    for (const auto& reply : *replies)
        append_ids(reply.elements(), ids);
    std::sort(ids.begin(), ids.end());
    if (page.descending) std::reverse(ids.begin(), ids.end());
    if (ids.size() > limit) ids.resize(limit);
    co_return std::move(ids);
}

awaitable<result<std::set<Id>>> excluded_between(RedisConnection& redis, const IdLists& lists, Id low,
                                                 Id high) {
    Pipeline read;
    for (const auto& list : lists.minus) {
        read.add({"ZRANGE", list, std::to_string(low), std::to_string(high), "BYSCORE"});
    }
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    Ids ids;
    for (const auto& reply : *replies)
        append_ids(reply.elements(), ids);
    co_return std::set<Id>(ids.begin(), ids.end());
}

// Where the page begins, and how many ids it may have.
struct Start {
    Id from{};
    std::uint64_t wanted{};
};

awaitable<result<Start>> find_start(RedisConnection& redis, const IdLists& lists, PageRequest page,
                                    Id largest, std::uint64_t count) {
    if (page.after) co_return Start{behind(*page.after, page), items_to_look_at(page)};
    if (page.offset >= count) co_return Start();
    const auto rank = page.descending ? count - 1 - page.offset : page.offset;
    const auto from = co_await id_at_rank(redis, lists, rank, largest);
    if (!from) co_return from.error();
    co_return Start{*from, std::min(page.limit, count - page.offset)};
}

awaitable<result<Page<Id>>> page_of_lists(RedisConnection& redis, const IdLists& lists, PageRequest page) {
    const auto largest = co_await largest_id(redis, lists);
    if (!largest) co_return largest.error();
    const auto count = co_await count_up_to(redis, lists, *largest);
    if (!count) co_return count.error();

    Page<Id> ids;
    ids.count = *count;
    auto start = co_await find_start(redis, lists, page, *largest, *count);
    if (!start) co_return start.error();
    while (ids.items.size() < start->wanted) {
        const auto chunk = co_await ids_from(redis, lists, start->from, items_to_look_at(page), page);
        if (!chunk) co_return chunk.error();
        if (chunk->empty()) break;
        const auto [low, high] = std::minmax(chunk->front(), chunk->back());
        const auto excluded = co_await excluded_between(redis, lists, low, high);
        if (!excluded) co_return excluded.error();
        for (const auto id : *chunk) {
            if (ids.items.size() < start->wanted && !excluded->contains(id)) ids.items.push_back(id);
        }
        start->from = behind(chunk->back(), page);
    }
    co_return std::move(ids);
}

void drop_repeated(std::vector<std::string>& lists) {
    std::sort(lists.begin(), lists.end());
    lists.erase(std::unique(lists.begin(), lists.end()), lists.end());
}

}  // namespace

awaitable<result<Page<Id>>> page_of_ids(RedisConnection& redis, IdLists lists, PageRequest page) {
    if (lists.plus.empty() || page.limit == 0) co_return Page<Id>();
    drop_repeated(lists.plus);
    drop_repeated(lists.minus);
    result<Page<Id>> ids = Page<Id>();
    if (lists.plus.size() == 1 && lists.minus.empty()) {
        ids = co_await page_of_one_list(redis, lists.plus.front(), page);
    } else {
        ids = co_await page_of_lists(redis, lists, page);
    }
    if (ids) cut_after_page(*ids, page.limit, std::identity());
    co_return ids;
}

awaitable<result<Ids>> ids_after(RedisConnection& redis, IdLists lists, Id after, std::uint64_t limit) {
    drop_repeated(lists.plus);
    drop_repeated(lists.minus);
    Ids ids;
    while (ids.empty()) {
        auto chunk = co_await ids_from(redis, lists, after + 1, limit, {.limit = limit});
        if (!chunk) co_return chunk.error();
        if (chunk->empty()) break;
        after = chunk->back();
        const auto excluded = co_await excluded_between(redis, lists, chunk->front(), chunk->back());
        if (!excluded) co_return excluded.error();
        ids = *std::move(chunk);
        std::erase_if(ids, [&](Id id) { return excluded->contains(id); });
    }
    co_return std::move(ids);
}

}  // namespace hourglass::store

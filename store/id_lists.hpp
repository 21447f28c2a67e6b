// Pages of ids out of sorted sets: one set by rank, as cheap at offset one million as at the start; or the
// union of several disjoint sets less some others, for which the page's first id is found by bisection over
// counts.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"
#include "store/users.hpp"

#include <algorithm>
#include <iterator>

namespace hourglass::store {

// What is in one of `plus` and in none of `minus`. The sets of `plus` are disjoint; each of `minus` is part
// of one of them.
struct IdLists {
    std::vector<std::string> plus;
    std::vector<std::string> minus;
};

awaitable<result<Page<std::int64_t>>> page_of_ids(RedisConnection& redis, IdLists lists, PageRequest page);

// Up to `limit` ids above `after`, ascending; empty: there are none. No dearer at the end than at the start.
awaitable<result<std::vector<std::int64_t>>> ids_after(RedisConnection& redis, IdLists lists,
                                                       std::int64_t after, std::uint64_t limit);

// The same page out of items at hand, which have an `id`.
template <class Item>
Page<Item> select_page(std::vector<Item> items, PageRequest page) {
    std::sort(items.begin(), items.end(),
              [&](const Item& a, const Item& b) { return page.descending ? b.id < a.id : a.id < b.id; });
    Page<Item> selected;
    selected.count = items.size();
    const auto first = std::min<std::uint64_t>(page.offset, items.size());
    const auto end = first + std::min<std::uint64_t>(page.limit, items.size() - first);
    selected.items.assign(std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(first)),
                          std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(end)));
    return selected;
}

}  // namespace hourglass::store

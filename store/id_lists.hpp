// Pages of ids out of sorted sets: one set by rank, as cheap at offset one million as at the start; or the
// union of several disjoint sets less some others, for which the page's first id is found by bisection over
// counts. A page that begins behind an id needs neither.
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

// What a page behind an id is cut from: one more than it holds tells whether another follows.
constexpr std::uint64_t items_to_look_at(PageRequest page) {
    return page.limit + (page.after ? 1 : 0);
}

// Cuts that one more off, and notes where the next page begins.
template <class Item, class IdOf>
void cut_after_page(Page<Item>& page, std::uint64_t limit, IdOf id_of) {
    if (page.items.size() <= limit) return;
    page.items.resize(limit);
    page.next_after = id_of(page.items.back());
}

awaitable<result<Page<std::int64_t>>> page_of_ids(RedisConnection& redis, IdLists lists, PageRequest page);

// Up to `limit` ids above `after`, ascending; empty: there are none. No dearer at the end than at the start.
awaitable<result<std::vector<std::int64_t>>> ids_after(RedisConnection& redis, IdLists lists,
                                                       std::int64_t after, std::uint64_t limit);

// The same page out of items at hand, which are in its order.
template <class Item, class IdOf>
Page<Item> slice_page(std::vector<Item> items, PageRequest page, IdOf id_of) {
    Page<Item> sliced;
    sliced.count = items.size();
    auto first = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(page.offset, items.size()));
    if (page.after) {
        first = std::count_if(items.begin(), items.end(), [&](const Item& item) {
            return page.descending ? id_of(item) >= *page.after : id_of(item) <= *page.after;
        });
    }
    const auto left = static_cast<std::ptrdiff_t>(items.size()) - first;
    const auto wanted = static_cast<std::ptrdiff_t>(
        std::min<std::uint64_t>(items_to_look_at(page), static_cast<std::uint64_t>(left)));
    sliced.items.assign(std::make_move_iterator(items.begin() + first),
                        std::make_move_iterator(items.begin() + first + wanted));
    cut_after_page(sliced, page.limit, id_of);
    return sliced;
}

// Of items in any order, which have an `id`.
template <class Item>
Page<Item> select_page(std::vector<Item> items, PageRequest page) {
    std::sort(items.begin(), items.end(),
              [&](const Item& a, const Item& b) { return page.descending ? b.id < a.id : a.id < b.id; });
    return slice_page(std::move(items), page, [](const Item& item) { return item.id; });
}

}  // namespace hourglass::store

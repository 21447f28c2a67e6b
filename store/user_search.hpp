// Users whose names begin with the same letters, out of the index of names: a page by name costs the same
// wherever it lies and however many match; what else is asked of them is looked up in the lists of ids.
#pragma once

#include "store/id_lists.hpp"

namespace hourglass::store {

// By name. May hold ids whose user is gone or has another name by now.
awaitable<result<Page<UserId>>> page_by_name(RedisConnection& redis, std::string prefix, PageRequest page);

// All that are in the lists, by name; the same reservation.
awaitable<result<std::vector<UserId>>> search_by_name(RedisConnection& redis, std::string prefix,
                                                      IdLists lists);

}  // namespace hourglass::store

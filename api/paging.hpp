// Lists in pages: limit and offset as clients may send them, and the links to the pages beside this one.
#pragma once

#include "api/message.hpp"
#include "api/query.hpp"
#include "store/users.hpp"

namespace hourglass::api {

inline constexpr std::uint64_t page_items_default = 20;
inline constexpr std::uint64_t page_items_max = 100;
inline constexpr std::uint64_t page_offset_max = 9'007'199'254'740'991;  // what JavaScript counts exactly
inline constexpr std::string_view cursor_parameter = "cursor";

// What is no positive number is the default (limit) or 0 (offset); ordering=-id turns the list round.
store::PageRequest read_page_request(const Query& query);
// The same for a list by id, which may also be read by cursor: an empty one begins, `next` leads on. 400 for
// a cursor that no such list gave out.
Checked<store::PageRequest> read_list_request(const Query& query);

// {"count", "next", "previous", "results"}. `next_after`: the store's, of a page by cursor.
json show_page(const Request& request, store::PageRequest page, std::uint64_t count, json results,
               std::optional<std::int64_t> next_after = {});

// To the page that begins at `cursor`, for lists that are paged so.
std::string cursor_link(const Request& request, std::uint64_t limit, std::string cursor);

}  // namespace hourglass::api

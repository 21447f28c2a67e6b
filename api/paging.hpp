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

// {"count", "next", "previous", "results"}.
json show_page(const Request& request, store::PageRequest page, std::uint64_t count, json results);

// To the page that begins at `cursor`, for lists that are paged so.
std::string cursor_link(const Request& request, std::uint64_t limit, std::string cursor);

}  // namespace hourglass::api

#include "api/paging.hpp"

#include "api/text.hpp"

namespace hourglass::api {
namespace {

std::uint64_t read_number(const Query& query, std::string_view name) {
    const auto text = query.find(name);
    // int() would take "5", not "5.0".
    const auto number =
        text && text->find('.') == std::string::npos ? parse_whole_number(*text) : std::nullopt;
    return number && number->value > 0 ? static_cast<std::uint64_t>(number->value) : 0;
}

std::string link(const Request& request, const Query& query) {
    return std::string(request.scheme) + "://" + request.authority + std::string(request.path()) + "?" +
           query.encode();
}

std::string offset_link(const Request& request, store::PageRequest page, std::uint64_t offset) {
    Query query(request.query());
    query.set("limit", std::to_string(page.limit));
    if (offset == 0) {
        query.remove("offset");
    } else {
        query.set("offset", std::to_string(offset));
    }
    return link(request, query);
}

}  // namespace

store::PageRequest read_page_request(const Query& query) {
    const auto limit = read_number(query, "limit");
    store::PageRequest page;
    page.limit = limit == 0 ? page_items_default : std::min(limit, page_items_max);
    page.offset = std::min(read_number(query, "offset"), page_offset_max);
    page.descending = query.find("ordering") == "-id";
    return page;
}

json show_page(const Request& request, store::PageRequest page, std::uint64_t count, json results) {
    const auto next_offset = page.offset + page.limit;
    const auto previous_offset = page.offset > page.limit ? page.offset - page.limit : 0;
    auto next = next_offset < count ? json(offset_link(request, page, next_offset)) : json(nullptr);
    auto previous = page.offset > 0 ? json(offset_link(request, page, previous_offset)) : json(nullptr);
    return {
        {"count",    count              },
        {"next",     std::move(next)    },
        {"previous", std::move(previous)},
        {"results",  std::move(results) }
    };
}

std::string cursor_link(const Request& request, std::uint64_t limit, std::string cursor) {
    Query query(request.query());
    query.set("limit", std::to_string(limit));
    query.set(cursor_parameter, std::move(cursor));
    return link(request, query);
}

}  // namespace hourglass::api

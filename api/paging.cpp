#include "api/paging.hpp"

#include "api/field.hpp"
#include "api/problem.hpp"
#include "api/text.hpp"
#include "store/decimal.hpp"
#include "store/hex.hpp"

#include <array>

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

// A cursor is this and an id, in hexadecimal: whoever takes one apart finds what the page before it showed.
constexpr std::string_view cursor_prefix = "after ";
constexpr std::size_t cursor_octets_max = cursor_prefix.size() + std::numeric_limits<std::int64_t>::digits10;

std::string encode_id_cursor(std::int64_t id) {
    return store::to_hex(std::string(cursor_prefix) + std::to_string(id));
}

std::optional<std::int64_t> parse_id_cursor(std::string_view cursor) {
    std::array<std::uint8_t, cursor_octets_max> octets{};
    const auto used = std::span(octets).first(std::min(cursor.size() / 2, octets.size()));
    if (!store::from_hex(cursor, used)) return std::nullopt;
    const std::string text(used.begin(), used.end());
    if (!text.starts_with(cursor_prefix)) return std::nullopt;
    const auto id = store::parse_decimal(std::string_view(text).substr(cursor_prefix.size()));
    return id && *id >= 0 && *id <= exact_integer_max ? id : std::nullopt;
}

json cursor_page(const Request& request, store::PageRequest page, std::uint64_t count, json results,
                 std::optional<std::int64_t> next_after) {
    auto next =
        next_after ? json(cursor_link(request, page.limit, encode_id_cursor(*next_after))) : json(nullptr);
    return {
        {"count",    count             },
        {"next",     std::move(next)   },
        {"previous", nullptr           },
        {"results",  std::move(results)}
    };
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

Checked<store::PageRequest> read_list_request(const Query& query) {
    auto page = read_page_request(query);
    if (!query.contains(cursor_parameter)) return page;

    const auto sent = query.find(cursor_parameter);
    const auto begin = page.descending ? exact_integer_max : 0;
    page.after = sent ? parse_id_cursor(*sent) : std::optional(begin);
    if (!page.after)
        return field_problem(cursor_parameter, "Send it as a \"next\" link had it, or empty to begin.");
    return page;
}

json show_page(const Request& request, store::PageRequest page, std::uint64_t count, json results,
               std::optional<std::int64_t> next_after) {
    if (page.after) return cursor_page(request, page, count, std::move(results), next_after);
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
    query.remove("offset");
    return link(request, query);
}

}  // namespace hourglass::api

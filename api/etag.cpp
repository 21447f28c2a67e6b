#include "api/etag.hpp"

#include "api/problem.hpp"
#include "api/text.hpp"

namespace hourglass::api {
namespace {

// The same, or the same version at some moment.
bool is_of_version(std::string_view item, std::string_view etag) {
    const auto version = etag.substr(0, etag.size() - 1);
    const bool has_moment = item.starts_with(version) && item.substr(version.size()).starts_with('-');
    return item == etag || (has_moment && item.ends_with('"'));
}

// "*" names every version.
template <class Fits>
bool names(std::string_view list, Fits fits) {
    while (!list.empty()) {
        const auto item = trim(list.substr(0, list.find(',')));
        list.remove_prefix(std::min(list.find(','), list.size() - 1) + 1);
        if (item == "*" || fits(item)) return true;
    }
    return false;
}

}  // namespace

std::string etag(std::int64_t id, std::uint64_t version) {
    return "\"" + std::to_string(id) + "-" + std::to_string(version) + "\"";
}

std::string etag(std::int64_t id, std::uint64_t version, std::string_view moment) {
    auto tag = etag(id, version);
    if (moment.empty()) return tag;
    return tag.insert(tag.size() - 1, "-" + std::string(moment));
}

bool is_stale(const Request& request, std::string_view etag) {
    const auto condition = request.header(http::field::if_match);
    return !condition.empty() && !names(condition, [&](auto item) { return is_of_version(item, etag); });
}

Checked<store::ExpectedVersion> read_if_match(const Request& request, std::int64_t id,
                                              std::uint64_t version) {
    if (is_stale(request, etag(id, version))) return precondition_failed();
    const auto condition = request.header(http::field::if_match);
    const bool fits_any = condition.empty() || trim(condition) == "*";
    return fits_any ? store::ExpectedVersion() : store::ExpectedVersion(version);
}

bool is_known_to_client(const Request& request, std::string_view etag) {
    return names(request.header(http::field::if_none_match), [&](auto item) {
        if (item.starts_with("W/")) item.remove_prefix(2);
        return item == etag;
    });
}

Response precondition_failed() {
    return problem(http::status::precondition_failed, "The object has changed since: its ETag is another.");
}

Response not_modified(std::string_view etag) {
    Response response;
    response.status = http::status::not_modified;
    return std::move(response).with("ETag", std::string(etag));
}

}  // namespace hourglass::api

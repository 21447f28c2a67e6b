#include "api/etag.hpp"

#include "api/problem.hpp"
#include "api/text.hpp"

namespace hourglass::api {
namespace {

// "*" names every version. `is_weak`: W/"1-1" is as good as "1-1".
bool names(std::string_view list, std::string_view etag, bool is_weak) {
    while (!list.empty()) {
        auto item = trim(list.substr(0, list.find(',')));
        list.remove_prefix(std::min(list.find(','), list.size() - 1) + 1);
        if (is_weak && item.starts_with("W/")) item.remove_prefix(2);
        if (item == "*" || item == etag) return true;
    }
    return false;
}

}  // namespace

std::string etag(std::int64_t id, std::uint64_t version) {
    return "\"" + std::to_string(id) + "-" + std::to_string(version) + "\"";
}

bool is_stale(const Request& request, std::string_view etag) {
    const auto condition = request.header(http::field::if_match);
    return !condition.empty() && !names(condition, etag, false);
}

Checked<store::ExpectedVersion> read_if_match(const Request& request, std::int64_t id,
                                              std::uint64_t version) {
    if (is_stale(request, etag(id, version))) return precondition_failed();
    const auto condition = request.header(http::field::if_match);
    const bool fits_any = condition.empty() || trim(condition) == "*";
    return fits_any ? store::ExpectedVersion() : store::ExpectedVersion(version);
}

bool is_known_to_client(const Request& request, std::string_view etag) {
    return names(request.header(http::field::if_none_match), etag, true);
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

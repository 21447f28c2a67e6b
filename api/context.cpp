#include "api/context.hpp"

#include "api/problem.hpp"
#include "api/text.hpp"

namespace hourglass::api {
namespace {

bool is_json(std::string_view media_type) {
    const auto name = trim(media_type.substr(0, media_type.find(';')));
    return equals_ignoring_case(name, "application/json");
}

}  // namespace

Checked<Document> read_body(const Request& request) {
    const auto& body = request.message.body();
    if (body.empty()) return Document{json::object()};

    const auto media_type = request.header(http::field::content_type);
    if (!is_json(media_type)) {
        return problem(http::status::unsupported_media_type,
                       "Unsupported media type \"" + std::string(media_type) + "\" in request.");
    }
    auto parsed = parse_json(body);
    if (!parsed) return problem(http::status::bad_request, parsed.error().detail);
    return *std::move(parsed);
}

}  // namespace hourglass::api

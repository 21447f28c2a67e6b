#include "api/message.hpp"

namespace hourglass::api {
namespace {

// A client may send the absolute form too, "http://host/path" (RFC 9112 section 3.2.2).
std::string_view without_authority(std::string_view target) {
    const auto scheme_end = target.find("://");
    if (target.starts_with('/') || scheme_end == target.npos) return target;
    const auto path = target.find_first_of("/?", scheme_end + 3);
    return path == target.npos ? "/" : target.substr(path);
}

}  // namespace

std::string_view Request::header(http::field name) const {
    return message[name];
}

std::string_view Request::path() const {
    const auto target = without_authority(message.target());
    return target.substr(0, target.find_first_of("?#"));
}

std::string_view Request::query() const {
    const auto target = without_authority(message.target());
    const auto mark = target.find('?');
    if (mark == target.npos) return {};
    const auto query = target.substr(mark + 1);
    return query.substr(0, query.find('#'));
}

Response& Response::with(std::string name, std::string value) & {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
}

Response Response::with(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

Response reply(http::status status, const json& body) {
    Response response;
    response.status = status;
    response.body = to_text(body);
    return response;
}

Response no_content() {
    Response response;
    response.status = http::status::no_content;
    return response;
}

}  // namespace hourglass::api

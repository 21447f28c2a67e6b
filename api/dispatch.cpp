#include "api/dispatch.hpp"

#include "api/problem.hpp"
#include "api/routes.hpp"
#include "api/text.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

bool is_token_kind(Access access) {
    return access == Access::read || access == Access::write || access == Access::admin;
}

// Quality factors are not weighed: what is asked for first is given. JSON is never wrong, since refusals are.
bool is_acceptable(std::string_view ranges, Renders renders) {
    constexpr auto anything = std::to_array<std::string_view>({"*/*", "application/*", json_media_type});
    if (trim(ranges).empty()) return true;
    while (!ranges.empty()) {
        const auto range = ranges.substr(0, ranges.find(','));
        ranges.remove_prefix(std::min(range.size() + 1, ranges.size()));
        const auto type = trim(range.substr(0, range.find(';')));
        const auto is_type = [&](std::string_view known) { return equals_ignoring_case(known, type); };
        if (std::ranges::any_of(anything, is_type) || std::ranges::any_of(media_types_of(renders), is_type)) {
            return true;
        }
    }
    return false;
}

// GET is shown the way to a path that lacks its last slash only; a write would lose its body on the way.
Response missing_path(const Request& request) {
    const auto with_slash = std::string(request.path()) + "/";
    if (!find_path(with_slash)) return not_found();

    const auto method = request.message.method();
    if (method != http::verb::get && method != http::verb::head) {
        return problem(http::status::not_found, "Not found. The path must end in a slash: " + with_slash);
    }
    const auto query = request.query();
    Response response;
    response.status = http::status::moved_permanently;
    response.with("Location", query.empty() ? with_slash : with_slash + "?" + std::string(query));
    return response;
}

Response describe_options(std::string_view pattern) {
    return reply(http::status::ok,
                 {
                     {"name",    pattern                                                   },
                     {"renders", json::array({media_types_of(renders_of(pattern)).front()})},
                     {"parses",  json::array({"application/json"})                         }
    });
}

awaitable<Response> answer_known_path(const Request& request, BodyReader& body, Environment& environment,
                                      KnownPath path) {
    const auto method = request.message.method();
    const auto access = access_for(method, path.pattern);
    const bool is_offered = is_acceptable(request.header(http::field::accept), renders_of(path.pattern));
    if (is_token_kind(access) && !is_offered) {
        co_return problem(http::status::not_acceptable, "Could not satisfy the request Accept header.");
    }

    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto token = co_await authorize(request, access, environment, now);
    if (!token) co_return token.error();

    if (method == http::verb::options) co_return describe_options(path.pattern);
    const auto* const route = find_route(method, path.pattern);
    if (route == nullptr) {
        co_return problem(http::status::method_not_allowed,
                          "Method \"" + std::string(request.message.method_string()) + "\" not allowed.");
    }

    const auto id = path.id.empty() ? std::optional<std::int64_t>(0) : parse_id(path.id);
    if (!id) co_return not_found();

    Context context{request, environment, environment.store, *token, Query(request.query()), *id, now};
    if (route->body == BodyKind::streamed) context.body = &body;
    auto response = co_await route->handler(context);
    response.token = token->id;
    co_return response;
}

}  // namespace

awaitable<Response> answer(const Request& request, BodyReader& body, Environment& environment) {
    auto path = find_path(request.path());
    if (!path) co_return missing_path(request);

    auto allow = allowed_methods(path->pattern);
    const auto* const route = find_route(request.message.method(), path->pattern);
    auto response = co_await answer_known_path(request, body, environment, *std::move(path));
    response.route = route;
    co_return std::move(response).with("Allow", std::move(allow));
}

}  // namespace hourglass::api

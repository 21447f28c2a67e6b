#include "api/routes.hpp"

#include "api/api_token.hpp"
#include "api/credit.hpp"
#include "api/health.hpp"
#include "api/ledger.hpp"
#include "api/user_extra.hpp"
#include "api/user_token.hpp"
#include "api/user_transfer.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

using http::verb;

// clang-format off
constexpr auto routes = std::to_array<Route>({
    {verb::get,     "/api/v1/user_token/",               Access::read,  &list_users},
    {verb::post,    "/api/v1/user_token/",               Access::write, &create_user},
    {verb::get,     "/api/v1/user_token/export/",        Access::read,  &export_users, BodyKind::whole,    Renders::rows},
    {verb::post,    "/api/v1/user_token/import/",        Access::write, &import_users, BodyKind::streamed, Renders::rows},
    {verb::get,     "/api/v1/user_token/{id}/",          Access::read,  &read_user},
    {verb::put,     "/api/v1/user_token/{id}/",          Access::write, &replace_user},
    {verb::patch,   "/api/v1/user_token/{id}/",          Access::write, &update_user},
    {verb::delete_, "/api/v1/user_token/{id}/",          Access::write, &delete_user},

    {verb::get,     "/api/v1/user_token/{id}/credit/",   Access::read,  &list_credits},
    {verb::post,    "/api/v1/user_token/{id}/credit/",   Access::write, &create_credit},
    {verb::get,     "/api/v1/user_token/{id}/ledger/",   Access::read,  &read_ledger},

    {verb::get,     "/api/v1/user_extra/",               Access::read,  &list_extras},
    {verb::post,    "/api/v1/user_extra/",               Access::write, &create_extra},
    {verb::get,     "/api/v1/user_extra/{id}/",          Access::read,  &read_extra},
    {verb::put,     "/api/v1/user_extra/{id}/",          Access::write, &replace_extra},
    {verb::patch,   "/api/v1/user_extra/{id}/",          Access::write, &update_extra},
    {verb::delete_, "/api/v1/user_extra/{id}/",          Access::write, &delete_extra},

    {verb::get,     "/api/v1/api_token/",                Access::admin, &list_api_tokens},
    {verb::post,    "/api/v1/api_token/",                Access::admin, &create_api_token},
    {verb::get,     "/api/v1/api_token/{id}/",           Access::admin, &read_api_token},
    {verb::delete_, "/api/v1/api_token/{id}/",           Access::admin, &delete_api_token},

    {verb::get,     "/healthz",                          Access::anyone,            &read_health},
    {verb::get,     "/readyz",                           Access::anyone,            &read_readiness},
    {verb::get,     "/metrics",                          Access::loopback_or_token, &read_metrics},
});
// clang-format on

constexpr std::string_view id_segment = "{id}";

std::string_view take_segment(std::string_view& path) {
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
    return segment;
}

// The text that stands for {id}, empty if the pattern has none; nullopt: no match.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
    if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return std::nullopt;
    std::string id;
    while (!pattern.empty() || !path.empty()) {
        const auto expected = take_segment(pattern);
        auto segment = percent_decode(take_segment(path), false);
        if (expected == id_segment && !segment.empty()) {
            id = std::move(segment);
        } else if (expected != segment) {
            return std::nullopt;
        }
    }
    return id;
}

bool is_read(verb method) {
    return method == verb::get || method == verb::head || method == verb::options;
}

}  // namespace

std::span<const Route> all_routes() {
    return routes;
}

std::optional<KnownPath> find_path(std::string_view path) {
    for (const auto& route : routes) {
        if (auto id = match(route.path, path)) return KnownPath{route.path, *std::move(id)};
    }
    return std::nullopt;
}

const Route* find_route(verb method, std::string_view pattern) {
    if (method == verb::head) method = verb::get;
    const auto found = std::ranges::find_if(
        routes, [&](const Route& route) { return route.method == method && route.path == pattern; });
    return found == routes.end() ? nullptr : &*found;
}

BodyKind body_kind(verb method, std::string_view path) {
    const auto known = find_path(path);
    const auto* const route = known ? find_route(method, known->pattern) : nullptr;
    return route == nullptr ? BodyKind::whole : route->body;
}

Access access_for(verb method, std::string_view pattern) {
    if (const auto* route = find_route(method, pattern)) return route->access;
    // Whoever may read a path may ask for its options; writes that do not exist need the right to write, and
    // paths for administrators (or for anyone) are so whatever the method.
    const auto* const reading = find_route(verb::get, pattern);
    const auto read_access = reading == nullptr ? Access::read : reading->access;
    return is_read(method) || read_access != Access::read ? read_access : Access::write;
}

Renders renders_of(std::string_view pattern) {
    return std::ranges::find(routes, pattern, &Route::path)->renders;
}

std::string allowed_methods(std::string_view pattern) {
    std::string allowed;
    for (const auto& route : routes) {
        if (route.path == pattern) allowed += std::string(http::to_string(route.method)) + ", ";
    }
    return allowed + (find_route(verb::get, pattern) != nullptr ? "HEAD, OPTIONS" : "OPTIONS");
}

}  // namespace hourglass::api

#include "api/routes.hpp"

#include "api/aaa_profile.hpp"
#include "api/api_token.hpp"
#include "api/audit.hpp"
#include "api/backup.hpp"
#include "api/credit.hpp"
#include "api/events.hpp"
#include "api/explain.hpp"
#include "api/health.hpp"
#include "api/ledger.hpp"
#include "api/nas.hpp"
#include "api/nas_source.hpp"
#include "api/organization.hpp"
#include "api/schema.hpp"
#include "api/session.hpp"
#include "api/status.hpp"
#include "api/trace.hpp"
#include "api/user_extra.hpp"
#include "api/user_token.hpp"
#include "api/user_transfer.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

using http::verb;

// clang-format off
constexpr auto routes = std::to_array<Route>({
    {verb::get,     "/api/v1/user_token/",               Access::read,  &list_users, &user_description},
    {verb::post,    "/api/v1/user_token/",               Access::write, &create_user, &user_description},
    {verb::get,     "/api/v1/user_token/export/",        Access::read,  &export_users, &export_description, BodyKind::whole,    Renders::rows},
    {verb::post,    "/api/v1/user_token/import/",        Access::write, &import_users, &import_description, BodyKind::streamed, Renders::rows},
    {verb::get,     "/api/v1/user_token/{id}/",          Access::read,  &read_user, &user_description},
    {verb::put,     "/api/v1/user_token/{id}/",          Access::write, &replace_user, &user_description},
    {verb::patch,   "/api/v1/user_token/{id}/",          Access::write, &update_user, &user_description},
    {verb::delete_, "/api/v1/user_token/{id}/",          Access::write, &delete_user, &user_description},

    {verb::get,     "/api/v1/user_token/{id}/credit/",   Access::read,  &list_credits, &credit_description},
    {verb::post,    "/api/v1/user_token/{id}/credit/",   Access::write, &create_credit, &credit_description},
    {verb::get,     "/api/v1/user_token/{id}/ledger/",   Access::read,  &read_ledger, &ledger_description},
    {verb::get,     "/api/v1/user_token/{id}/explain/",  Access::read,  &explain_login, &explain_description},
    {verb::post,    "/api/v1/user_token/{id}/explain/",  Access::write, &check_login, &check_login_description},

    {verb::get,     "/api/v1/user_extra/",               Access::read,  &list_extras, &extra_description},
    {verb::post,    "/api/v1/user_extra/",               Access::write, &create_extra, &extra_description},
    {verb::get,     "/api/v1/user_extra/{id}/",          Access::read,  &read_extra, &extra_description},
    {verb::put,     "/api/v1/user_extra/{id}/",          Access::write, &replace_extra, &extra_description},
    {verb::patch,   "/api/v1/user_extra/{id}/",          Access::write, &update_extra, &extra_description},
    {verb::delete_, "/api/v1/user_extra/{id}/",          Access::write, &delete_extra, &extra_description},

    {verb::get,     "/api/v1/events/",                   Access::read,  &stream_events, &events_description, BodyKind::whole,    Renders::events},
    {verb::get,     "/api/v1/trace/",                    Access::admin, &trace_packets, &trace_description, BodyKind::whole,     Renders::events},

    {verb::get,     "/api/v1/audit/",                    Access::admin, &audit_ledger, &audit_description, BodyKind::whole,     Renders::lines},
    {verb::get,     "/api/v1/backup/",                   Access::admin, &read_backup, &backup_description, BodyKind::whole,     Renders::octets},

    {verb::get,     "/api/v1/aaa_profile/",              Access::read,  &list_profiles, &profile_description},
    {verb::post,    "/api/v1/aaa_profile/",              Access::write, &create_profile, &profile_description},
    {verb::get,     "/api/v1/aaa_profile/{id}/",         Access::read,  &read_profile, &profile_description},
    {verb::put,     "/api/v1/aaa_profile/{id}/",         Access::write, &replace_profile, &profile_description},
    {verb::patch,   "/api/v1/aaa_profile/{id}/",         Access::write, &update_profile, &profile_description},
    {verb::delete_, "/api/v1/aaa_profile/{id}/",         Access::write, &delete_profile, &profile_description},

    {verb::get,     "/api/v1/nas/",                      Access::read,  &list_nases, &nas_description},
    {verb::post,    "/api/v1/nas/",                      Access::admin, &create_nas, &nas_description},
    {verb::get,     "/api/v1/nas/seen/",                 Access::read,  &list_nas_sources, &nas_source_description},
    {verb::get,     "/api/v1/nas/{id}/",                 Access::read,  &read_nas, &nas_description},
    {verb::put,     "/api/v1/nas/{id}/",                 Access::admin, &replace_nas, &nas_description},
    {verb::patch,   "/api/v1/nas/{id}/",                 Access::admin, &update_nas, &nas_description},
    {verb::delete_, "/api/v1/nas/{id}/",                 Access::admin, &delete_nas, &nas_description},

    {verb::get,     "/api/v1/organization/",             Access::read,  &list_organizations, &organization_description},
    {verb::post,    "/api/v1/organization/",             Access::admin, &create_organization, &organization_description},
    {verb::get,     "/api/v1/organization/{id}/",        Access::read,  &read_organization, &organization_description},
    {verb::put,     "/api/v1/organization/{id}/",        Access::admin, &replace_organization, &organization_description},
    {verb::patch,   "/api/v1/organization/{id}/",        Access::admin, &update_organization, &organization_description},
    {verb::delete_, "/api/v1/organization/{id}/",        Access::admin, &delete_organization, &organization_description},
    {verb::get,     "/api/v1/me/organization/",          Access::read,  &list_own_organizations, &own_organizations_description},

    {verb::get,     "/api/v1/session/",                  Access::read,  &list_running_sessions, &session_description},
    {verb::get,     "/api/v1/session/{id}/",             Access::read,  &read_session, &session_description},
    {verb::post,    "/api/v1/session/{id}/disconnect/",  Access::write, &disconnect_session, &disconnect_description},

    {verb::get,     "/api/v1/aaa_accounting/",           Access::read,  &list_accounting, &accounting_description},
    {verb::get,     "/api/v1/aaa_accounting/{id}/",      Access::read,  &read_accounting, &accounting_description},

    {verb::get,     "/api/v1/api_token/",                Access::admin, &list_api_tokens, &api_token_description},
    {verb::post,    "/api/v1/api_token/",                Access::admin, &create_api_token, &api_token_description},
    {verb::get,     "/api/v1/api_token/{id}/",           Access::admin, &read_api_token, &api_token_description},
    {verb::delete_, "/api/v1/api_token/{id}/",           Access::admin, &delete_api_token, &api_token_description},

    {verb::get,     "/api/v1/status/",                   Access::read,  &read_status, &status_description},
    {verb::get,     "/api/v1/schema/",                   Access::read,  &read_schema, &schema_description},

    {verb::get,     "/healthz",                          Access::anyone,            &read_health, &health_description},
    {verb::get,     "/readyz",                           Access::anyone,            &read_readiness, &readiness_description},
    {verb::get,     "/metrics",                          Access::loopback_or_token, &read_metrics, &metrics_description},
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

std::span<const std::string_view> media_types_of(Renders renders) {
    static constexpr auto json = std::to_array<std::string_view>({json_media_type});
    static constexpr auto rows = std::to_array<std::string_view>(
        {"application/x-ndjson", "application/ndjson", "application/jsonl", "text/csv"});
    static constexpr auto lines = std::span(rows).first<3>();
    static constexpr auto events = std::to_array<std::string_view>({"text/event-stream"});
    static constexpr auto octets = std::to_array<std::string_view>({"application/octet-stream"});
    switch (renders) {
        case Renders::json:
            return json;
        case Renders::rows:
            return rows;
        case Renders::lines:
            return lines;
        case Renders::events:
            return events;
        case Renders::octets:
            return octets;
    }
    return {};
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
    const auto read_access = reading != nullptr ? reading->access : Access::read;
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

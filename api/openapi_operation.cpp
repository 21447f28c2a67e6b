#include "api/openapi_operation.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

using http::verb;

bool has_route(std::span<const Route> routes, verb method, std::string_view path) {
    return std::ranges::any_of(
        routes, [&](const Route& route) { return route.method == method && route.path == path; });
}

std::string_view verb_word(const Operation& operation) {
    switch (operation.route.method) {
        case verb::post:
            return "create";
        case verb::put:
            return "replace";
        case verb::patch:
            return "update";
        case verb::delete_:
            return "delete";
        default:
            return operation.is_list ? "list" : "read";
    }
}

bool has_something_to_send(const Record* record) {
    return record != nullptr && !std::ranges::all_of(record->fields, &Field::is_read_only);
}

std::string_view scope_name(Access access) {
    switch (access) {
        case Access::read:
            return "read";
        case Access::write:
            return "write";
        case Access::admin:
            return "admin";
        case Access::anyone:
        case Access::loopback_or_token:
            break;
    }
    return {};
}

}  // namespace

Operation operation_of(const Route& route, std::span<const Route> routes) {
    const auto& description = *route.description;
    const bool is_of_one = route.path.ends_with("{id}/");
    const bool makes_one =
        route.method == verb::post && has_route(routes, verb::get, std::string(route.path) + "{id}/");
    return {.route = route,
            .description = description,
            .has_id = route.path.find("{id}") != route.path.npos,
            .is_of_one = is_of_one,
            .is_list = route.method == verb::get && !is_of_one && !description.nouns.empty(),
            .has_version = (is_of_one && route.method != verb::delete_) || makes_one};
}

bool is_change(const Operation& operation) {
    const auto method = operation.route.method;
    return method == verb::put || method == verb::patch || method == verb::delete_;
}

const Record* record_sent(const Operation& operation) {
    const auto method = operation.route.method;
    const auto& description = operation.description;
    if (method == verb::post && description.sent != nullptr) return description.sent;
    const bool takes_body = method == verb::post || method == verb::put || method == verb::patch;
    return takes_body && has_something_to_send(description.shown) ? description.shown : nullptr;
}

std::string operation_id(const Operation& operation) {
    const auto& description = operation.description;
    if (!description.operation.empty()) return std::string(description.operation);
    return std::string(verb_word(operation)) + "_" +
           std::string(operation.is_list ? description.nouns : description.noun);
}

std::string summary(const Operation& operation) {
    const auto& description = operation.description;
    if (!description.summary.empty()) return std::string(description.summary);
    std::string text(verb_word(operation));
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
    const bool begins_with_vowel =
        std::string_view("aeio").find(description.noun.front()) != std::string_view::npos;
    std::string words(operation.is_list ? " " : begins_with_vowel ? " an " : " a ");
    words += operation.is_list ? description.nouns : description.noun;
    std::ranges::replace(words, '_', ' ');
    return text + words;
}

std::string right_needed(Access access) {
    if (access == Access::anyone) return "For anyone, without a token.";
    if (access == Access::loopback_or_token) return "From this machine, or with any token.";
    return "Needs a token with the scope `" + std::string(scope_name(access)) + "`.";
}

json security_of(Access access) {
    const json bearer{
        {"bearer", json::array()}
    };
    if (access == Access::anyone) return json::array();
    if (access == Access::loopback_or_token) return json::array({json::object(), bearer});
    return json::array({bearer});
}

http::status success_of(const Operation& operation) {
    const auto& description = operation.description;
    if (description.success != http::status{}) return description.success;
    if (operation.route.method == verb::post) return http::status::created;
    return operation.route.method == verb::delete_ ? http::status::no_content : http::status::ok;
}

std::vector<http::status> usual_problems(const Operation& operation) {
    using enum http::status;
    std::vector<http::status> statuses;
    const bool takes_body = record_sent(operation) != nullptr;
    const bool needs_token = !scope_name(operation.route.access).empty();
    if (operation.has_version && operation.route.method == verb::get) statuses.push_back(not_modified);
    if (takes_body || operation.is_list) statuses.push_back(bad_request);
    if (needs_token || operation.route.access == Access::loopback_or_token) statuses.push_back(unauthorized);
    if (needs_token) statuses.push_back(forbidden);
    if (operation.has_id) statuses.push_back(not_found);
    if (needs_token) statuses.push_back(not_acceptable);
    if (operation.is_of_one && is_change(operation)) statuses.push_back(precondition_failed);
    if (takes_body) statuses.insert(statuses.end(), {payload_too_large, unsupported_media_type});
    if (needs_token) statuses.push_back(service_unavailable);
    return statuses;
}

}  // namespace hourglass::api

#include "api/openapi_problems.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace hourglass::api {
namespace {

struct Problem {
    http::status status;
    std::string_view name;
    std::string_view about;
    std::string_view schema = "Problem";  // empty: no body
};

// clang-format off
constexpr auto problems = std::to_array<Problem>({
    {http::status::not_modified,           "NotModified",          "The version is one that the client has.", ""},
    {http::status::bad_request,            "BadRequest",           "The body is no JSON, or fields or parameters are wrong.", "Refusal"},
    {http::status::unauthorized,           "Unauthorized",         "No token, or one that is unknown or expired."},
    {http::status::forbidden,              "Forbidden",            "The token lacks the scope, or a foreign organization was named."},
    {http::status::not_found,              "NotFound",             "No such object, or one of a foreign organization."},
    {http::status::not_acceptable,         "NotAcceptable",        "Accept leaves out application/json."},
    {http::status::precondition_failed,    "PreconditionFailed",   "If-Match names other versions of the object."},
    {http::status::payload_too_large,      "PayloadTooLarge",      "The body is over 64 KiB."},
    {http::status::unsupported_media_type, "UnsupportedMediaType", "Content-Type is not application/json."},
    {http::status::service_unavailable,    "ServiceUnavailable",   "The store is away: what was asked may or may not have been done. Ask again."},
});
// clang-format on

json reference_to(std::string_view schema) {
    return {
        {"$ref", "#/components/schemas/" + std::string(schema)}
    };
}

json reply_with(std::string_view about, std::string_view schema) {
    json reply{
        {"description", about}
    };
    if (!schema.empty()) reply["content"]["application/json"]["schema"] = reference_to(schema);
    return reply;
}

}  // namespace

std::string_view problem_name(http::status status) {
    const auto found = std::ranges::find(problems, status, &Problem::status);
    return found == problems.end() ? std::string_view() : found->name;
}

json problem_reply(const Exception& exception) {
    return reply_with(exception.about, exception.shown != nullptr ? exception.shown->name : "Problem");
}

json problem_replies() {
    auto replies = json::object();
    for (const auto& problem : problems) {
        replies[std::string(problem.name)] = reply_with(problem.about, problem.schema);
    }
    replies[std::string(problem_name(http::status::unauthorized))]["headers"]["WWW-Authenticate"] = {
        {"schema", {{"type", "string"}, {"const", "Bearer"}}}
    };
    return replies;
}

json problem_schemas() {
    const json messages{
        {"type",  "array"             },
        {"items", {{"type", "string"}}}
    };
    return {
        {"Problem",
         {{"type", "object"},
          {"properties", {{"detail", {{"type", "string"}}}}},
          {"required", json::array({"detail"})},
          {"example", {{"detail", "Not found."}}}}                                                          },
        {"FieldProblems",
         {{"description", "What is wrong with each field; of a list, with each item by its index."},
          {"type", "object"},
          {"additionalProperties",
           {{"anyOf", json::array({messages, {{"type", "object"}, {"additionalProperties", messages}}})}}},
          {"example", {{"email", json::array({"Enter a valid email address."})}}}}                          },
        {"Refusal",       {{"anyOf", json::array({reference_to("FieldProblems"), reference_to("Problem")})}}},
    };
}

}  // namespace hourglass::api

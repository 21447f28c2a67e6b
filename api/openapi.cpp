#include "api/openapi.hpp"

#include "api/field_schemas.hpp"
#include "api/openapi_operation.hpp"
#include "api/openapi_problems.hpp"
#include "api/paging.hpp"
#include "api/schema_text.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

using http::verb;

constexpr std::string_view introduction =
    "Users, their credentials and prepaid time, in the dialect of Django REST framework. Every reply shows "
    "every field; unset ones are null. Times are UTC.";
constexpr auto orderings = std::to_array<std::string_view>({"id", "-id"});

// Parameters.

json parameter(const Parameter& parameter) {
    auto schema = schema_of(parameter.field);
    schema.erase("minLength");
    return {
        {"name",        parameter.field.name},
        {"in",          parameter.place     },
        {"description", parameter.about     },
        {"schema",      std::move(schema)   }
    };
}

json component(std::string_view kind, std::string_view name) {
    return {
        {"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}
    };
}

void add_paging(const Operation& operation, json& parameters) {
    const auto paging = operation.description.paging;
    parameters.push_back(component("parameters", "limit"));
    if (paging != Paging::cursor) parameters.push_back(component("parameters", "offset"));
    if (paging != Paging::offset) parameters.push_back(component("parameters", "cursor"));
    if (paging == Paging::offset_or_cursor) parameters.push_back(component("parameters", "ordering"));
}

json parameters_of(const Operation& operation) {
    auto parameters = json::array();
    const auto add = [&](std::span<const Parameter> more) {
        for (const auto& each : more)
            parameters.push_back(parameter(each));
    };
    const auto& description = operation.description;
    const auto method = operation.route.method;
    if (operation.has_id) parameters.push_back(component("parameters", "id"));
    if (operation.is_list) {
        add(description.filters);
        add_paging(operation, parameters);
    }
    if (method != verb::delete_) add(description.options);
    if (method == verb::post) add(description.on_post);
    if (method == verb::delete_) add(description.on_delete);
    if (operation.is_of_one && method == verb::get) {
        parameters.push_back(component("parameters", "if_none_match"));
    }
    if (operation.is_of_one && is_change(operation))
        parameters.push_back(component("parameters", "if_match"));
    return parameters;
}

json common_parameters() {
    const auto number = [](std::string_view name, std::int64_t least, std::int64_t most, std::int64_t initial,
                           std::string_view about) {
        auto described = parameter({integer(name).at_least(least).at_most(most), about});
        described["schema"]["default"] = initial;
        return described;
    };
    auto ordering = Field("ordering", choice_type);
    ordering.choices = orderings;
    auto id = parameter({reference("id"), "Which one.", "path"});
    id["required"] = true;
    auto cursor = parameter({text(cursor_parameter),
                             "Reads pages that do not slip while others write: empty to begin, then as "
                             "`next` has it. `offset` does not count beside it."});
    cursor["allowEmptyValue"] = true;
    return {
        {"id", std::move(id)},
        {"limit", number("limit", 1, page_items_max, page_items_default, "How many results a page has.")},
        {"offset", number("offset", 0, exact_integer_max, 0, "How many results come before the page.")},
        {"cursor", std::move(cursor)},
        {"ordering", parameter({ordering, "By id, ascending or descending."})},
        {"if_match", parameter({text("If-Match"),
                                "ETags of the versions that may be changed; 412 for another.", "header"})},
        {"if_none_match",
         parameter({text("If-None-Match"), "ETags of versions at hand; 304 for one of them.", "header"})},
    };
}

// Bodies.

json content(std::string_view media_type, json schema, json example) {
    json body{
        {"schema", std::move(schema)}
    };
    if (!example.is_null()) body["example"] = std::move(example);
    return {
        {std::string(media_type), std::move(body)}
    };
}

std::string sent_name(const Record& record, verb method) {
    const std::string_view suffix = method == verb::post  ? "Create"
                                    : method == verb::put ? "Replace"
                                                          : "Update";
    return std::string(record.name) + std::string(suffix);
}

Write write_of(verb method) {
    return method == verb::post ? Write::post : method == verb::put ? Write::put : Write::patch;
}

json request_body(const Operation& operation, const Record& record) {
    const auto method = operation.route.method;
    return {
        {"required", true},
        {"content",
         content("application/json", component("schemas", sent_name(record, method)), sent_example(record))}
    };
}

json request_body(std::span<const std::string_view> media_types) {
    auto contents = json::object();
    for (const auto media_type : media_types) {
        contents[std::string(media_type)]["schema"] = {
            {"type", "string"}
        };
    }
    return {
        {"required", true               },
        {"content",  std::move(contents)}
    };
}

// "ledger_entry" -> "LedgerEntryPage"
std::string page_name(std::string_view noun) {
    std::string name;
    bool is_first = true;
    for (const char letter : noun) {
        if (letter != '_') name += is_first ? static_cast<char>(letter - 'a' + 'A') : letter;
        is_first = letter == '_';
    }
    return name + "Page";
}

json page_schema(const Description& description) {
    auto properties = json::object();
    auto required = json::array();
    const auto add = [&](const Field& field) {
        properties[std::string(field.name)] = schema_of(field);
        required.push_back(field.name);
    };
    if (description.paging != Paging::cursor) add(integer("count").at_least(0));
    for (const auto& field : description.totals)
        add(field);
    for (const auto* name : {"next", "previous"}) {
        properties[name] = {
            {"type",   json::array({"string", "null"})},
            {"format", "uri"                          }
        };
        required.push_back(name);
    }
    properties["results"] = {
        {"type", "array"},
        {"items", component("schemas", description.shown->name)}
    };
    required.push_back("results");
    return {
        {"type",       "object"             },
        {"properties", std::move(properties)},
        {"required",   std::move(required)  }
    };
}

json page_example(const Description& description) {
    auto page = json::object();
    if (description.paging != Paging::cursor) page["count"] = 1;
    for (const auto& field : description.totals)
        page[std::string(field.name)] = 0;
    page["next"] = nullptr;
    page["previous"] = nullptr;
    page["results"] = json::array({shown_example(*description.shown, false)});
    return page;
}

// Replies.

json success_content(const Operation& operation) {
    const auto& [media_type, shown] = std::tie(operation.description.media_type, operation.description.shown);
    if (operation.is_list) {
        return content(media_type, component("schemas", page_name(operation.description.noun)),
                       page_example(operation.description));
    }
    if (shown != nullptr) {
        const bool is_new = operation.route.method == verb::post;
        return content(media_type, component("schemas", shown->name), shown_example(*shown, is_new));
    }
    const bool is_json = media_type == "application/json";
    return content(media_type,
                   {
                       {"type", is_json ? "object" : "string"}
    },
                   nullptr);
}

json success_reply(const Operation& operation) {
    const auto status = success_of(operation);
    json reply{
        {"description", std::string(http::obsolete_reason(status))}
    };
    if (operation.has_version) reply["headers"]["ETag"] = component("headers", "ETag");
    if (status != http::status::no_content) reply["content"] = success_content(operation);
    return reply;
}

json replies_of(const Operation& operation) {
    auto replies = json::object();
    replies[std::to_string(static_cast<unsigned>(success_of(operation)))] = success_reply(operation);
    for (const auto status : usual_problems(operation)) {
        replies[std::to_string(static_cast<unsigned>(status))] = component("responses", problem_name(status));
    }
    for (const auto& exception : operation.description.exceptions) {
        if (exception.method != operation.route.method) continue;
        replies[std::to_string(static_cast<unsigned>(exception.status))] = problem_reply(exception);
    }
    return replies;
}

json describe(const Operation& operation) {
    json described{
        {"operationId", operation_id(operation)                 },
        {"summary",     summary(operation)                      },
        {"description", right_needed(operation.route.access)    },
        {"tags",        json::array({operation.description.tag})},
        {"security",    security_of(operation.route.access)     },
        {"parameters",  parameters_of(operation)                }
    };
    if (const auto* sent = record_sent(operation)) described["requestBody"] = request_body(operation, *sent);
    if (const auto takes = operation.description.takes; !takes.empty())
        described["requestBody"] = request_body(takes);
    described["responses"] = replies_of(operation);
    return described;
}

void add_schemas(const Operation& operation, json& schemas) {
    const auto& description = operation.description;
    if (description.shown != nullptr) {
        schemas[std::string(description.shown->name)] = shown_schema(description.shown->fields);
    }
    if (operation.is_list) schemas[page_name(description.noun)] = page_schema(description);
    if (const auto* sent = record_sent(operation)) {
        const auto method = operation.route.method;
        schemas[sent_name(*sent, method)] = sent_schema(sent->fields, write_of(method));
    }
}

void add_tag(const Description& description, json& tags) {
    const bool is_known =
        std::ranges::any_of(tags, [&](const json& tag) { return tag["name"] == description.tag; });
    if (is_known) return;
    tags.push_back({
        {"name",        description.tag  },
        {"description", description.about}
    });
}

json security_schemes() {
    return {
        {"bearer",
         {{"type", "http"},
          {"scheme", "bearer"},
          {"description",
           "A token of `api_token`. Its scopes are `read`, `write` and `admin`, each including those "
           "before it; it may be confined to organizations."}}}
    };
}

json headers() {
    return {
        {"ETag",
         {{"description", "The version of the object, for If-Match and If-None-Match."},
          {"schema", {{"type", "string"}}}}}
    };
}

}  // namespace

json make_openapi(std::span<const Route> routes) {
    auto paths = json::object();
    auto tags = json::array();
    auto schemas = problem_schemas();
    for (const auto& route : routes) {
        if (route.description == nullptr) continue;
        const auto operation = operation_of(route, routes);
        std::string method(http::to_string(route.method));
        std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
        paths[std::string(route.path)][method] = describe(operation);
        add_schemas(operation, schemas);
        add_tag(*route.description, tags);
    }
    return {
        {"openapi",    "3.1.0"                                                                  },
        {"info",       {{"title", "Hourglass"}, {"version", "1"}, {"description", introduction}}},
        {"servers",    json::array({{{"url", "/"}}})                                            },
        {"tags",       std::move(tags)                                                          },
        {"paths",      std::move(paths)                                                         },
        {"components",
         {{"securitySchemes", security_schemes()},
          {"parameters", common_parameters()},
          {"headers", headers()},
          {"responses", problem_replies()},
          {"schemas", std::move(schemas)}}                                                      },
    };
}

SchemaText make_schema_text() {
    auto text = to_text(make_openapi(all_routes()));
    auto etag = "\"" + std::to_string(std::hash<std::string>{}(text)) + "\"";
    return {std::move(text), std::move(etag)};
}

}  // namespace hourglass::api

// The API's document: nothing of the routes and the tables of fields is missing in it, and what it shows
// works.
#include "api/field_schemas.hpp"
#include "api/openapi.hpp"
#include "api/openapi_operation.hpp"
#include "api/schema_text.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <set>

using namespace hourglass::api;

namespace {

const json& document() {
    static const json made = make_openapi(all_routes());
    return made;
}

const json& schema_named(std::string_view name) {
    return document()["components"]["schemas"].at(std::string(name));
}

std::string method_of(const Route& route) {
    std::string method(http::to_string(route.method));
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    return method;
}

// Every table of fields that a route shows or takes.
std::set<const Record*> all_records() {
    std::set<const Record*> records;
    for (const auto& route : all_routes()) {
        for (const auto* record : {route.description->shown, route.description->sent}) {
            if (record != nullptr) records.insert(record);
        }
    }
    return records;
}

// Every "$ref" in it.
void collect_references(const json& node, std::set<std::string>& references) {
    if (node.is_object() && node.contains("$ref")) references.insert(node["$ref"].get<std::string>());
    if (!node.is_structured()) return;
    for (const auto& child : node)
        collect_references(child, references);
}

struct TypeRow {
    Field field;
    std::string_view schema;
};

std::ostream& operator<<(std::ostream& out, const TypeRow& row) {
    return out << row.schema;
}

constexpr auto choices = std::to_array<std::string_view>({"a", "b"});

const auto types = std::to_array<TypeRow>({
    {text("x"), R"({"type":"string","minLength":1,"maxLength":255})"},
    {text("x").nullable().characters(9), R"({"type":["string","null"],"maxLength":9})"},
    {integer("x"), R"({"type":"integer","format":"int64","maximum":9007199254740991})"},
    {integer("x").at_least(1).at_most(5).nullable(),
     R"({"type":["integer","null"],"format":"int64","minimum":1,"maximum":5})"},
    {reference("x"), R"({"type":"integer","format":"int64","minimum":1,"maximum":9007199254740991})"},
    {boolean("x"), R"({"type":"boolean"})"},
    {email("x").nullable(), R"({"type":["string","null"],"maxLength":255,"format":"email"})"},
    {url("x").nullable(), R"({"type":["string","null"],"maxLength":255,"format":"uri"})"},
    {datetime("x"), R"({"type":"string","format":"date-time"})"},
    {date("x"), R"({"type":"string","format":"date"})"},
    {object("x"), R"({"type":"object"})"},
    {list("x"), R"({"type":"array","items":{"type":"string","minLength":1,"maxLength":255},"maxItems":100})"},
    {list_of_choices("x", choices).never_empty(),
     R"({"type":"array","items":{"type":"string","enum":["a","b"]},"maxItems":100,"minItems":1})"},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(api_schema)

// A route that is missing here needs a description: see "Add a route" in CONTRIBUTING.md.
BOOST_AUTO_TEST_CASE(every_route_is_described_and_in_the_document) {
    for (const auto& route : all_routes()) {
        BOOST_TEST_REQUIRE((route.description != nullptr), http::to_string(route.method)
                                                               << " " << route.path << " has no description");
        const auto& operation = document()["paths"].at(std::string(route.path)).at(method_of(route));
        BOOST_TEST(!operation["summary"].get<std::string>().empty(), route.path);
        BOOST_TEST(operation["tags"].size() == 1U, route.path);
    }
}

BOOST_AUTO_TEST_CASE(no_two_operations_have_one_name) {
    std::set<std::string> names;
    for (const auto& route : all_routes()) {
        const auto name = operation_id(operation_of(route, all_routes()));
        BOOST_TEST(names.insert(name).second, name);
        BOOST_TEST(!name.ends_with('_'), route.path);
    }
}

BOOST_AUTO_TEST_CASE(operations_have_the_names_that_clients_know) {
    const auto& users = document()["paths"]["/api/v1/user_token/"];
    const auto& user = document()["paths"]["/api/v1/user_token/{id}/"];
    BOOST_TEST(users["get"]["operationId"] == "list_users");
    BOOST_TEST(users["post"]["operationId"] == "create_user");
    BOOST_TEST(user["get"]["operationId"] == "read_user");
    BOOST_TEST(user["put"]["operationId"] == "replace_user");
    BOOST_TEST(user["patch"]["operationId"] == "update_user");
    BOOST_TEST(user["delete"]["operationId"] == "delete_user");
    BOOST_TEST(user["delete"]["summary"] == "Delete a user");
}

BOOST_DATA_TEST_CASE(a_field_is_described_with_its_type_and_limits, types) {
    BOOST_TEST(to_text(schema_of(sample.field)) == sample.schema);
}

BOOST_AUTO_TEST_CASE(every_field_of_every_table_is_there) {
    for (const auto* record : all_records()) {
        const auto shown = shown_schema(record->fields);
        for (const auto& field : record->fields) {
            BOOST_TEST((field.type->describe != nullptr), record->name << "." << field.name);
            BOOST_TEST(shown["properties"].contains(field.name), record->name << "." << field.name);
        }
    }
    BOOST_TEST(schema_named("User")["properties"]["username"]["maxLength"] == 253);
    BOOST_TEST(schema_named("User")["properties"]["password"]["const"] == "****");
    BOOST_TEST(schema_named("User")["properties"]["id"]["readOnly"] == true);
}

BOOST_AUTO_TEST_CASE(a_table_has_one_name_and_a_name_one_table) {
    std::set<std::string_view> names;
    for (const auto* record : all_records())
        BOOST_TEST(names.insert(record->name).second, record->name);
}

BOOST_AUTO_TEST_CASE(what_must_be_sent_depends_on_the_method) {
    BOOST_TEST(to_text(schema_named("UserCreate")["required"]) ==
               R"(["username","password","organization"])");
    BOOST_TEST(to_text(schema_named("UserReplace")["required"]) == R"(["username","organization"])");
    BOOST_TEST(!schema_named("UserUpdate").contains("required"));
    BOOST_TEST(!schema_named("UserCreate")["properties"].contains("id"));
    BOOST_TEST(schema_named("UserCreate")["properties"]["is_active"]["default"] == true);
    BOOST_TEST(!schema_named("UserUpdate")["properties"]["is_active"].contains("default"));
}

BOOST_AUTO_TEST_CASE(examples_are_taken_by_the_fields_they_show) {
    for (const auto& route : all_routes()) {
        const auto* sent = record_sent(operation_of(route, all_routes()));
        if (sent == nullptr) continue;
        const auto parsed = parse_record(sent->fields, sent_example(*sent), Write::post);
        BOOST_TEST(parsed.errors.empty(), sent->name << ": " << to_text(parsed.errors));
    }
}

BOOST_AUTO_TEST_CASE(examples_show_all_that_is_never_null) {
    for (const auto* record : all_records()) {
        if (std::ranges::all_of(record->fields, &Field::is_read_only)) continue;
        const auto example = shown_example(*record, false);
        for (const auto& field : record->fields) {
            const bool may_lack = field.is_nullable || field.is_shown_if_asked;
            BOOST_TEST((may_lack || !example.at(std::string(field.name)).is_null()),
                       record->name << "." << field.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(whatever_is_referred_to_is_there) {
    std::set<std::string> references;
    collect_references(document(), references);
    for (const auto& reference : references) {
        BOOST_TEST(document().contains(json::json_pointer(reference.substr(1))), reference);
    }
}

BOOST_AUTO_TEST_CASE(only_what_is_for_anyone_needs_no_token) {
    for (const auto& route : all_routes()) {
        const auto& security = document()["paths"][std::string(route.path)][method_of(route)]["security"];
        BOOST_TEST(security.empty() == (route.access == Access::anyone), route.path);
    }
}

BOOST_AUTO_TEST_CASE(a_write_can_be_refused_as_stale_and_a_read_be_known) {
    const auto& user = document()["paths"]["/api/v1/user_token/{id}/"];
    BOOST_TEST(user["patch"]["responses"].contains("412"));
    BOOST_TEST(user["delete"]["responses"].contains("409"));
    BOOST_TEST(user["get"]["responses"].contains("304"));
    BOOST_TEST(!user["get"]["responses"].contains("412"));
}

BOOST_AUTO_TEST_CASE(the_text_is_the_same_for_every_daemon) {
    const auto text = make_schema_text();
    BOOST_TEST(text.etag == make_schema_text().etag);
    BOOST_TEST(json::parse(text.json) == document());
}

BOOST_AUTO_TEST_SUITE_END()

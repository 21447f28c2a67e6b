// Types of fields that have a syntax of their own: RADIUS attributes, login times, networks.
#include "api/field_schemas.hpp"
#include "api/resource.hpp"
#include "store/login_time.hpp"
#include "store/network.hpp"

#include <algorithm>
#include <array>

namespace hourglass::api {
namespace {

constexpr std::size_t attribute_name_characters_max = 64;
constexpr std::size_t attribute_text_octets_max = 2048;  // of long values in hexadecimal digits, and more
constexpr std::string_view punctuation = "-._/:";
constexpr std::string_view disconnect = "disconnect";

constexpr auto operators = std::to_array<std::string_view>(
    {"=", ":=", "+=", "==", "!=", ">", ">=", "<", "<=", "=~", "!~", "=*", "!*"});

FieldValue accept(std::string stored) {
    return {.stored = std::move(stored), .errors = nullptr};
}
FieldValue refuse(std::string message) {
    return {.stored = "", .errors = json::array({std::move(message)})};
}

// A text as text_type reads it, if it has no errors, for a look at what is in it.
template <class Look>
FieldValue parse_text_then(const Field& field, const json& value, Look look) {
    auto parsed = text_type.parse(field, value);
    const bool is_blank = parsed.stored && parsed.stored->empty();
    if (!parsed.errors.is_null() || is_blank) return parsed;
    return look(*std::move(parsed.stored));
}

// "Framed-MTU", "Tunnel-Type:1". Whether there is such an attribute is the dictionary's matter.
FieldValue parse_attribute_name(const Field& field, const json& value) {
    return parse_text_then(field, value, [](std::string name) {
        const bool is_name = std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   punctuation.find(c) != punctuation.npos;
        });
        return is_name ? accept(std::move(name))
                       : refuse(
                             "Enter the name of an attribute: letters, digits, \"-\", \".\", \"_\", \"/\", "
                             "and \":\" before a tag.");
    });
}

json show_text(std::string_view stored) {
    return stored;
}

json show_json(std::string_view stored) {
    auto parsed = parse_json(stored);
    return parsed ? std::move(parsed->value) : json(nullptr);
}

constexpr Type attribute_name_type{&parse_attribute_name, &show_text, &describe_text};

constexpr auto attribute_fields = std::to_array<Field>({
    Field("attribute", attribute_name_type).characters(attribute_name_characters_max).always_required(),
    choice("op", operators).always_required(),
    text("value")
        .characters(attribute_text_octets_max)
        .octets(attribute_text_octets_max)
        .nullable()
        .or_else(""),
});

// Of a request: no operator, for it is what it is.
constexpr auto request_attribute_fields = std::to_array<Field>({
    Field("attribute", attribute_name_type).characters(attribute_name_characters_max).always_required(),
    text("value").characters(attribute_text_octets_max).octets(attribute_text_octets_max).always_required(),
});

FieldValue parse_request_attribute(const Field&, const json& value) {
    auto record = parse_record(request_attribute_fields, value, Write::post);
    if (!record.errors.empty()) return {.stored = "", .errors = std::move(record.errors)};
    return accept(to_text(show_record(request_attribute_fields, without_nulls(std::move(record.values)))));
}

bool asks_for_presence_only(const store::FieldChanges& values) {
    const auto op = values.find("op");
    return op == values.end() || op->second == "=*" || op->second == "!*";
}

FieldValue parse_attribute(const Field&, const json& value) {
    auto record = parse_record(attribute_fields, value, Write::post);
    const auto text = record.values.find("value");
    const bool has_value = text != record.values.end() && !text->second.value_or("").empty();
    if (value.is_object() && !has_value && !record.errors.contains("value") &&
        !asks_for_presence_only(record.values))
        record.refuse("value", "This field is required.");
    if (!record.errors.empty()) return {.stored = "", .errors = std::move(record.errors)};
    return accept(to_text(show_record(attribute_fields, without_nulls(std::move(record.values)))));
}

// What happens when the time is used up.
FieldValue parse_final_action(const Field& field, const json& value) {
    if (value == json(disconnect)) return accept(to_text(value));
    if (!value.is_array()) return refuse("Must be \"disconnect\" or a list of attributes.");
    return list_type.parse(list(field.name, attribute_type), value);
}

FieldValue parse_login_time(const Field& field, const json& value) {
    return parse_text_then(field, value, [](std::string text) {
        const auto parsed = store::LoginTime::parse(text);
        return parsed ? accept(std::move(text)) : refuse(parsed.error().sentence);
    });
}

FieldValue parse_network(const Field& field, const json& value) {
    return parse_text_then(field, value, [](const std::string& text) {
        const auto prefix = store::parse_prefix(text);
        if (!prefix)
            return refuse(
                "Enter an IPv4 or IPv6 address, or a prefix such as 192.0.2.0/24 or 2001:db8::/32.");
        const auto network = store::masked(*prefix);
        if (network != *prefix)
            return refuse("The address has bits set beyond the prefix: did you mean " +
                          store::to_text(network) + "?");
        return accept(store::to_text(network));
    });
}

FieldValue parse_requirement(const Field& field, const json& value) {
    if (value == json("auto")) return accept("auto");
    auto parsed = boolean_type.parse(field, value);
    return parsed.errors.is_null() ? parsed : refuse("Must be \"auto\", true or false.");
}

json show_requirement(std::string_view stored) {
    return stored == "auto" ? json(stored) : boolean_type.show(stored);
}

json describe_attribute(const Field&) {
    return sent_schema(attribute_fields, Write::post);
}

json describe_request_attribute(const Field&) {
    return sent_schema(request_attribute_fields, Write::post);
}

json describe_final_action(const Field& field) {
    return {
        {"oneOf", json::array({
                      {{"type", "string"}, {"const", disconnect}},
                      schema_of(list(field.name, attribute_type)),
                  })}
    };
}

json describe_requirement(const Field&) {
    return {
        {"enum", json::array({"auto", true, false})}
    };
}

}  // namespace

const Type attribute_type{&parse_attribute, &show_json, &describe_attribute};
const Type request_attribute_type{&parse_request_attribute, &show_json, &describe_request_attribute};
const Type final_action_type{&parse_final_action, &show_json, &describe_final_action};
const Type login_time_type{&parse_login_time, &show_text, &describe_text};
const Type network_type{&parse_network, &show_text, &describe_text};
const Type requirement_type{&parse_requirement, &show_requirement, &describe_requirement};

}  // namespace hourglass::api

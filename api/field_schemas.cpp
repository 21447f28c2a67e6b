#include "api/field_schemas.hpp"

namespace hourglass::api {
namespace {

json integer_schema(std::int64_t least, std::int64_t most) {
    json schema{
        {"type",   "integer"},
        {"format", "int64"  }
    };
    if (least > std::numeric_limits<std::int64_t>::min()) schema["minimum"] = least;
    schema["maximum"] = most;
    return schema;
}

json with_format(json schema, std::string_view format) {
    schema["format"] = format;
    return schema;
}

void allow_null(json& schema) {
    if (schema.contains("type")) schema["type"] = json::array({schema["type"], "null"});
    if (schema.contains("enum")) schema["enum"].push_back(nullptr);
}

json shown_schema(const Field& field) {
    auto schema = schema_of(field);
    if (field.is_masked) {
        schema = {
            {"type",  "string"},
            {"const", mask    }
        };
    }
    if (field.is_read_only) schema["readOnly"] = true;
    return schema;
}

json sent_schema(const Field& field, Write write) {
    auto schema = schema_of(field);
    if (field.default_text && write != Write::patch)
        schema["default"] = field.type->show(*field.default_text);
    return schema;
}

bool is_required(const Field& field, Write write) {
    return (write == Write::post && field.required != Required::never) ||
           (write == Write::put && field.required == Required::on_post_and_put);
}

json object_schema(json properties, json required) {
    json schema{
        {"type",       "object"             },
        {"properties", std::move(properties)}
    };
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

json value_or_default(const Field& field, const json& example) {
    if (example.contains(field.name)) return example[std::string(field.name)];
    return field.default_text ? field.type->show(*field.default_text) : json(nullptr);
}

}  // namespace

json describe_text(const Field& field) {
    json schema{
        {"type", "string"}
    };
    if (!field.is_nullable) schema["minLength"] = 1;
    schema["maxLength"] = field.characters_max;
    return schema;
}

json describe_choice(const Field& field) {
    return {
        {"type", "string"           },
        {"enum", json(field.choices)}
    };
}

json describe_integer(const Field& field) {
    return integer_schema(field.least, field.most);
}

json describe_reference(const Field&) {
    return integer_schema(1, exact_integer_max);
}

json describe_boolean(const Field&) {
    return {
        {"type", "boolean"}
    };
}

json describe_email(const Field& field) {
    return with_format(describe_text(field), "email");
}

json describe_url(const Field& field) {
    return with_format(describe_text(field), "uri");
}

json describe_datetime(const Field&) {
    return {
        {"type",   "string"   },
        {"format", "date-time"}
    };
}

json describe_date(const Field&) {
    return {
        {"type",   "string"},
        {"format", "date"  }
    };
}

json describe_list(const Field& field) {
    auto item = field;
    item.type = field.item_type;
    item.is_nullable = false;
    json schema{
        {"type",     "array"        },
        {"items",    schema_of(item)},
        {"maxItems", list_items_max }
    };
    if (field.is_never_empty) schema["minItems"] = 1;
    return schema;
}

json describe_object(const Field&) {
    return {
        {"type", "object"}
    };
}

json schema_of(const Field& field) {
    auto schema = field.type->describe != nullptr ? field.type->describe(field) : json::object();
    if (field.is_nullable) allow_null(schema);
    return schema;
}

json shown_schema(std::span<const Field> fields) {
    auto properties = json::object();
    auto required = json::array();
    for (const auto& field : fields) {
        properties[std::string(field.name)] = shown_schema(field);
        if (!field.is_shown_if_asked) required.push_back(field.name);
    }
    return object_schema(std::move(properties), std::move(required));
}

json sent_schema(std::span<const Field> fields, Write write) {
    auto properties = json::object();
    auto required = json::array();
    for (const auto& field : fields) {
        if (field.is_read_only || (field.is_fixed && write != Write::post)) continue;
        properties[std::string(field.name)] = sent_schema(field, write);
        if (is_required(field, write)) required.push_back(field.name);
    }
    return object_schema(std::move(properties), std::move(required));
}

json shown_example(const Record& record, bool with_asked) {
    const auto example = json::parse(record.example);
    auto shown = json::object();
    for (const auto& field : record.fields) {
        if (field.is_shown_if_asked && (!with_asked || !example.contains(field.name))) continue;
        shown[std::string(field.name)] = field.is_masked ? json(mask) : value_or_default(field, example);
    }
    return shown;
}

json sent_example(const Record& record) {
    const auto example = json::parse(record.example);
    auto sent = json::object();
    for (const auto& field : record.fields) {
        if (!field.is_read_only && example.contains(field.name)) {
            sent[std::string(field.name)] = example[std::string(field.name)];
        }
    }
    return sent;
}

}  // namespace hourglass::api

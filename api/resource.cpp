#include "api/resource.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::string_view required_message = "This field is required.";

bool is_required(const Field& field, Write write) {
    switch (write) {
        case Write::post:
            return field.required != Required::never;
        case Write::put:
            return field.required == Required::on_post_and_put;
        case Write::patch:
            return false;
    }
    return false;
}

void fill_in(const Field& field, Write write, ParsedRecord& record) {
    if (is_required(field, write)) {
        record.refuse(field.name, required_message);
    } else if (write == Write::patch || (write == Write::put && field.is_kept_by_put)) {
        return;
    } else if (field.default_text) {
        record.values.emplace(field.name, *field.default_text);
    } else if (write == Write::put && field.is_nullable) {
        record.values.emplace(field.name, std::nullopt);
    }
}

void read_value(const Field& field, const json& value, Write write, ParsedRecord& record) {
    if (value.is_null()) {
        if (field.is_nullable) {
            record.values.emplace(field.name, std::nullopt);
        } else {
            record.refuse(field.name, "This field may not be null.");
        }
        return;
    }
    auto parsed = field.type->parse(field, value);
    if (!parsed.errors.is_null()) {
        record.errors[std::string(field.name)] = std::move(parsed.errors);
    } else if (field.is_masked && parsed.stored == mask) {
        if (write == Write::post) record.refuse(field.name, required_message);
    } else {
        record.values.emplace(field.name, std::move(parsed.stored));
    }
}

}  // namespace

void ParsedRecord::refuse(std::string_view field, std::string_view message) {
    errors[std::string(field)].push_back(message);
}

void ParsedRecord::refuse_item(std::string_view field, std::size_t item, std::string_view member,
                               std::string_view message) {
    errors[std::string(field)][std::to_string(item)][std::string(member)].push_back(message);
}

std::optional<std::optional<std::string>> ParsedRecord::take(std::string_view field) {
    const auto found = values.find(field);
    if (found == values.end()) return std::nullopt;
    auto value = std::move(found->second);
    values.erase(found);
    return std::optional(std::move(value));
}

ParsedRecord parse_record(std::span<const Field> fields, const json& body, Write write) {
    ParsedRecord record;
    if (body.is_null()) {
        record.refuse("non_field_errors", "No data provided");
        return record;
    }
    if (!body.is_object()) {
        record.refuse("non_field_errors",
                      "Invalid data. Expected a dictionary, but got " + std::string(python_type(body)) + ".");
        return record;
    }
    for (const auto& field : fields) {
        if (field.is_read_only || (field.is_fixed && write != Write::post)) continue;
        const auto sent = body.find(std::string(field.name));
        if (sent == body.end()) {
            fill_in(field, write, record);
        } else {
            read_value(field, *sent, write, record);
        }
    }
    return record;
}

store::Fields without_nulls(store::FieldChanges values) {
    store::Fields present;
    for (auto& [field, value] : values) {
        if (value) present.emplace(field, *std::move(value));
    }
    return present;
}

json show_record(std::span<const Field> fields, const store::Fields& values,
                 std::span<const std::string_view> asked) {
    auto shown = json::object();
    for (const auto& field : fields) {
        if (field.is_shown_if_asked && std::ranges::find(asked, field.name) == asked.end()) continue;
        const auto value = values.find(field.name);
        auto& member = shown[std::string(field.name)];
        if (field.is_masked) {
            member = mask;
        } else if (value != values.end()) {
            member = field.type->show(value->second);
        }
    }
    return shown;
}

}  // namespace hourglass::api

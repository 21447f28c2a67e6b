// From a body to what the store is told, and from a stored record to a reply, both by a resource's table of
// fields.
#pragma once

#include "api/field.hpp"
#include "store/record.hpp"

#include <span>

namespace hourglass::api {

enum class Write { post, put, patch };

struct ParsedRecord {
    store::FieldChanges values;
    json errors = json::object();  // {"field": ["message"]}; empty: none

    void refuse(std::string_view field, std::string_view message);
    // A member of an item of a list.
    void refuse_item(std::string_view field, std::size_t item, std::string_view member,
                     std::string_view message);
    // Takes a value out, for fields that the store keeps elsewhere. Outer nullopt: not sent.
    std::optional<std::optional<std::string>> take(std::string_view field);
};

// All errors at once. Unknown and read-only fields are ignored, whatever is in them.
ParsedRecord parse_record(std::span<const Field> fields, const json& body, Write write);

// What a new record starts with: absent is null.
store::Fields without_nulls(store::FieldChanges values);

// Every field in the order of the table; those that are only shown when asked for if they are in `asked`.
json show_record(std::span<const Field> fields, const store::Fields& values,
                 std::span<const std::string_view> asked = {});

}  // namespace hourglass::api

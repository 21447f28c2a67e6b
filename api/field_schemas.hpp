// Fields as JSON Schema: what the API's document says of each type, and of whole tables.
#pragma once

#include "api/description.hpp"
#include "api/resource.hpp"

namespace hourglass::api {

// Members of field.hpp's types. Null is schema_of()'s matter.
json describe_text(const Field& field);
json describe_choice(const Field& field);
json describe_integer(const Field& field);
json describe_reference(const Field& field);
json describe_boolean(const Field& field);
json describe_email(const Field& field);
json describe_url(const Field& field);
json describe_datetime(const Field& field);
json describe_date(const Field& field);
json describe_list(const Field& field);
json describe_object(const Field& field);

json schema_of(const Field& field);
// What replies show.
json shown_schema(std::span<const Field> fields);
// What a body may say.
json sent_schema(std::span<const Field> fields, Write write);

// The record's example as a reply shows it, and as a POST sends it.
json shown_example(const Record& record, bool with_asked);
json sent_example(const Record& record);

}  // namespace hourglass::api

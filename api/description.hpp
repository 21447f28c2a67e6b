// What the API's document (openapi.cpp) says of a route beyond what the route and its fields tell. The routes
// of one resource share one description: operations are named and summed up from its nouns.
#pragma once

#include "api/field.hpp"
#include "api/message.hpp"

namespace hourglass::api {

// A table of fields under a name of its own.
struct Record {
    std::string_view name;  // "User"
    std::span<const Field> fields;
    std::string_view example;  // JSON: the fields worth showing, those that are read-only too
};

struct Parameter {
    Field field;  // its name, type and limits
    std::string_view about;
    std::string_view place = "query";  // or "header"
};

// A status beyond those that follow from method and path.
struct Exception {
    http::verb method;
    http::status status;
    std::string_view about;
    const Record* shown = nullptr;  // nullptr: {"detail": …}
};

enum class Paging : std::uint8_t { offset, offset_or_cursor, cursor };

struct Description {
    std::string_view tag;
    std::string_view about{};  // what the tag is about; once a tag is enough
    std::string_view noun{};   // "user": create_user, "Create a user"
    std::string_view nouns{};  // "users": list_users; empty where GET without an id is no list
    const Record* shown = nullptr;
    const Record* sent = nullptr;  // by a POST that does not take the record that is shown
    Paging paging = Paging::offset_or_cursor;
    std::span<const Field> totals{};       // beside the results of a page
    std::span<const Parameter> filters{};  // of the list
    std::span<const Parameter> options{};  // of whatever shows the record
    std::span<const Parameter> on_post{};
    std::span<const Parameter> on_delete{};
    std::span<const Exception> exceptions{};

    // For a path with one operation that is no reading or writing of a record.
    std::string_view operation{};  // "disconnect_session"
    std::string_view summary{};
    http::status success{};                            // 0: what the method has
    std::string_view media_type = "application/json";  // of the reply
    std::span<const std::string_view> takes{};         // media types of a body that is no JSON
};

}  // namespace hourglass::api

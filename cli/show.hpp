// How records look to people and to scripts.
#pragma once

#include "cli/json.hpp"

#include <ostream>
#include <span>
#include <string>

namespace hourglass::cli {

// A value of the API as a person reads it: "-" for null, yes and no, lists with commas.
std::string shown(const Json& value);
// user_time: a duration, or "unmetered".
std::string shown_time(const Json& user_time);

// A count of octets.
std::string shown_octets(const Json& octets);
// {"a": {"b": 1}} as {"a.b": 1}, for a table of one line a field.
Json flattened(const Json& object);

struct Column {
    const char* title;
    const char* field;
    std::string (*show)(const Json& value) = shown;
};

void print_list(std::ostream& out, const Json& records, std::span<const Column> columns);
// One line a field.
void print_record(std::ostream& out, const Json& record);
// Everything beyond ASCII escaped, so that it is safe on a terminal too.
void print_json(std::ostream& out, const Json& json);

}  // namespace hourglass::cli

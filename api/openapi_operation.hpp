// One operation of the API's document: what follows from its route and its description.
#pragma once

#include "api/routes.hpp"

#include <vector>

namespace hourglass::api {

struct Operation {
    const Route& route;
    const Description& description;
    bool has_id;     // somewhere in the path
    bool is_of_one;  // the path ends in an id
    bool is_list;
    bool has_version;  // its replies have an ETag
};

Operation operation_of(const Route& route, std::span<const Route> routes);

std::string operation_id(const Operation& operation);
std::string summary(const Operation& operation);
// One sentence.
std::string right_needed(Access access);
json security_of(Access access);

// PUT, PATCH or DELETE.
bool is_change(const Operation& operation);
// nullptr: it takes no body.
const Record* record_sent(const Operation& operation);
http::status success_of(const Operation& operation);
// Beside the description's exceptions.
std::vector<http::status> usual_problems(const Operation& operation);

}  // namespace hourglass::api

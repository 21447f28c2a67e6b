// What goes wrong, as the API's document tells it: the replies that many operations share.
#pragma once

#include "api/description.hpp"

namespace hourglass::api {

// The name of the shared reply of that status.
std::string_view problem_name(http::status status);
// A reply of one operation.
json problem_reply(const Exception& exception);

json problem_replies();
json problem_schemas();

}  // namespace hourglass::api

// What the API says when it refuses, turned into sentences.
#pragma once

#include "cli/failure.hpp"
#include "cli/http_client.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::cli {

// {"username": ["This field is required."]} is "username: This field is required."; {"detail": "Not found."}
// is "Not found."; list items are named profile[1]. Empty if the body is no such object.
std::vector<std::string> sentences_of(std::string_view body);

// The failure that a response of status 400 or more is.
Failure failure_of(const HttpResponse& response);

// The next step for someone whose token is missing or unknown.
std::string token_advice();

}  // namespace hourglass::cli

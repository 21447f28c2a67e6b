// What goes wrong, as replies in DRF's words. The only place where an error becomes a status.
#pragma once

#include "api/message.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>

namespace hourglass::api {

Response problem(http::status status, std::string_view detail);
// Clients get the status and its sentence, never the error's own text. `noun` is what the object is called in
// "nas with this name already exists."
Response problem(boost::system::error_code error, std::string_view noun = "object");
// 400 with {"field": ["message"]}.
Response field_problem(const json& errors);
Response field_problem(std::string_view field, std::string_view message);

Response not_found();
Response permission_denied();
Response unauthenticated(std::string_view detail);
// 429 with Retry-After.
Response throttled(std::chrono::seconds wait);

}  // namespace hourglass::api

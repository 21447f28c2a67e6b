// The whole API as an OpenAPI 3.1 document, made from the routes, their descriptions and the tables of
// fields.
#pragma once

#include "api/routes.hpp"

namespace hourglass::api {

json make_openapi(std::span<const Route> routes);

}  // namespace hourglass::api

// /schema/: the API's document, for clients and the tools that make them.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description schema_description;

awaitable<Response> read_schema(Context& context);

}  // namespace hourglass::api

// From a request to its reply.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

// Both arguments outlive the call. Exceptions are bugs, and the connection's to catch.
awaitable<Response> answer(const Request& request, Environment& environment);

}  // namespace hourglass::api

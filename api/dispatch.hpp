// From a request to its reply.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

// `body` is read by streamed routes only. The arguments outlive the call and what produces the reply's body.
// Exceptions are bugs, and the connection's to catch.
awaitable<Response> answer(const Request& request, BodyReader& body, Environment& environment);

}  // namespace hourglass::api

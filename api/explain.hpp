// /user_token/{id}/explain/: would this user get in now, with what reply, and if not, why?
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description explain_description;

awaitable<Response> explain_login(Context& context);

}  // namespace hourglass::api

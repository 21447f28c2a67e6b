// /user_token/{id}/explain/: would this user get in now, with what reply, and if not, why? A GET takes the
// password as right; a POST may bring one, which is no matter for a URL.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description explain_description;

extern const Description check_login_description;

awaitable<Response> explain_login(Context& context);
awaitable<Response> check_login(Context& context);

}  // namespace hourglass::api

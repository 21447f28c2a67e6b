// /user_token/{id}/credit/: seconds put onto a balance or taken off it, once for each Idempotency-Key.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description credit_description;

awaitable<Response> list_credits(Context& context);
awaitable<Response> create_credit(Context& context);

}  // namespace hourglass::api

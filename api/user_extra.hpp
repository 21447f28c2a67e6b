// /user_extra/: what else is known of a user, at most one record each.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description extra_description;

awaitable<Response> list_extras(Context& context);
awaitable<Response> create_extra(Context& context);
awaitable<Response> read_extra(Context& context);
awaitable<Response> replace_extra(Context& context);
awaitable<Response> update_extra(Context& context);
awaitable<Response> delete_extra(Context& context);

}  // namespace hourglass::api

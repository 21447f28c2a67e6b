// /user_token/import/ and /user_token/export/: users by the million, as rows.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

awaitable<Response> import_users(Context& context);
awaitable<Response> export_users(Context& context);

}  // namespace hourglass::api

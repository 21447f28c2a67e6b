// /user_token/import/ and /user_token/export/: users by the million, as rows.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description export_description;
extern const Description import_description;

awaitable<Response> import_users(Context& context);
awaitable<Response> export_users(Context& context);

}  // namespace hourglass::api

// /nas/: the RADIUS clients that are managed while the daemons run. A write is in force when it is answered.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description nas_description;

awaitable<Response> list_nases(Context& context);
awaitable<Response> create_nas(Context& context);
awaitable<Response> read_nas(Context& context);
awaitable<Response> replace_nas(Context& context);
awaitable<Response> update_nas(Context& context);
awaitable<Response> delete_nas(Context& context);

}  // namespace hourglass::api

// /nas/: the RADIUS clients that are managed while the daemons run. A write is in force when it is answered.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

awaitable<Response> list_nases(Context& context);
awaitable<Response> create_nas(Context& context);
awaitable<Response> read_nas(Context& context);
awaitable<Response> replace_nas(Context& context);
awaitable<Response> update_nas(Context& context);
awaitable<Response> delete_nas(Context& context);

}  // namespace hourglass::api

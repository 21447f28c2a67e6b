// /session/ and /aaa_accounting/: what NASes have reported, the running sessions and all of them.
#pragma once

#include "api/context.hpp"

namespace hourglass::api {

awaitable<Response> list_running_sessions(Context& context);
awaitable<Response> read_session(Context& context);
awaitable<Response> disconnect_session(Context& context);

awaitable<Response> list_accounting(Context& context);
awaitable<Response> read_accounting(Context& context);

}  // namespace hourglass::api

// /session/ and /aaa_accounting/: what NASes have reported, the running sessions and all of them.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description session_description;
extern const Description disconnect_description;
extern const Description accounting_description;

awaitable<Response> list_running_sessions(Context& context);
awaitable<Response> read_session(Context& context);
awaitable<Response> disconnect_session(Context& context);

awaitable<Response> list_accounting(Context& context);
awaitable<Response> read_accounting(Context& context);

}  // namespace hourglass::api

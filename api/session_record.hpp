// One session as replies show it, running or closed.
#pragma once

#include "api/description.hpp"
#include "api/json.hpp"
#include "store/sessions.hpp"

namespace hourglass::api {

extern const Record session_record;
extern const Record disconnect_record;

// {"outcome", "requested_at", "by"}.
json show_disconnect(const store::Disconnect& disconnect);

// `with_disconnect`: the field `disconnect` too.
json show_session(const store::UserSession& session, bool with_disconnect);

}  // namespace hourglass::api

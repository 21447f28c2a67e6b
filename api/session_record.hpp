// One session as replies show it, running or closed.
#pragma once

#include "api/description.hpp"
#include "api/json.hpp"
#include "store/sessions.hpp"

namespace hourglass::api {

extern const Record session_record;
extern const Record disconnect_record;

// What became of the end of a session.
json show_disconnect(const store::Disconnect& disconnect, bool is_running);

json show_session(const store::UserSession& session);

}  // namespace hourglass::api

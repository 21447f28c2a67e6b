// /backup/: everything that must not be lost, as of one instant, while the daemon works. The reply is a line
// of JSON, the head, and behind it what Redis holds, in Redis' own format. It is given in the clear, to this
// machine alone: `hourglass backup` encrypts it, so that the operator's key is nowhere but with him.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description backup_description;

awaitable<Response> read_backup(Context& context);

}  // namespace hourglass::api

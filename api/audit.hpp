// /audit/: is the ledger right? Each violation is a line of the reply as soon as it is found.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description audit_description;

awaitable<Response> audit_ledger(Context& context);

}  // namespace hourglass::api

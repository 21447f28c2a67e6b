// Answers the API's question whether a login would succeed, as the workers would with the same snapshot.
#pragma once

#include "api/explanation.hpp"
#include "radius/snapshot.hpp"

#include <memory>

namespace hourglass::daemon {

api::ExplainLogin make_explain_login(std::shared_ptr<const radius::Snapshot> snapshot);

}  // namespace hourglass::daemon

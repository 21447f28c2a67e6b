// Tells the API what is wrong with a profile's attributes, by the same dictionary that logins go by.
#pragma once

#include "api/rule_judge.hpp"
#include "radius/snapshot.hpp"

#include <memory>

namespace hourglass::daemon {

api::JudgeRules make_judge_rules(std::shared_ptr<const radius::Snapshot> snapshot);

}  // namespace hourglass::daemon

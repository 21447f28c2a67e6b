// What may change while the daemon runs: immutable, shared by all workers, swapped whole on reload.
#pragma once

#include "radius/clients.hpp"
#include "radius/directory.hpp"
#include "radius/learned_facts.hpp"
#include "radius/policy.hpp"

#include <vector>

namespace hourglass::radius {

struct Snapshot {
    Clients clients;
    Policy policy;
    std::vector<LearnedFact> learned;
    Directory directory;
};

}  // namespace hourglass::radius

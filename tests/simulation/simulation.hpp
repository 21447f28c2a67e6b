// One run of the ledger's simulation: the real store, by several daemons, on a real Redis behind faults, in a
// made-up world, held against a model after every step. The seed decides everything: it replays a run.
#pragma once

#include "tests/simulation/faulty_redis.hpp"
#include "tests/simulation/ledger_model.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/store_fixture.hpp"

namespace hourglass::test {

struct SimulationPlan {
    unsigned seed{};
    std::size_t events{};  // reports that arrive
    bool has_kills{};      // Redis writes to its file and is killed at times; else it keeps all in memory
    const Mutant* mutant{};
};

struct SimulationOutcome {
    std::size_t events{};
    std::size_t faults{};        // connections that broke
    std::uint64_t in_batches{};  // reports that were applied together with others
    std::uint64_t by_script{};   // and each by its script
    std::uint64_t conflicts{};   // batches that met a change
    std::uint64_t digest{};
    std::string violation;  // empty: none
};

SimulationOutcome simulate(const SimulationPlan& plan);

}  // namespace hourglass::test

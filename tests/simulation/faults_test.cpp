// The ledger under all faults at once. SIMULATION_SEEDS runs of SIMULATION_EVENTS reports each; a failure
// says which SIMULATION_SEED replays it, with the same SIMULATION_EVENTS.
#include "tests/simulation/simulation.hpp"

#include <cstdlib>
#include <iostream>

using namespace hourglass;

namespace {

constexpr unsigned seeds_default = 8;
constexpr unsigned events_default = 2000;
constexpr unsigned kills_every = 8;  // runs

unsigned number_in(const char* variable, unsigned otherwise) {
    const char* text = std::getenv(variable);
    return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

test::SimulationPlan plan_of(unsigned seed) {
    return {.seed = seed,
            .events = number_in("SIMULATION_EVENTS", events_default),
            .has_kills = seed % kills_every == 0};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(every_promise_is_kept_after_every_step) {
    const char* given = std::getenv("SIMULATION_SEED");
    const auto first = number_in("SIMULATION_SEED", std::random_device{}() % 1'000'000'000);
    const auto seeds = given ? 1 : number_in("SIMULATION_SEEDS", seeds_default);
    std::size_t events = 0;
    std::size_t faults = 0;
    std::uint64_t in_batches = 0;
    std::uint64_t by_script = 0;
    std::uint64_t conflicts = 0;
    for (auto seed = first; seed < first + seeds; ++seed) {
        const auto plan = plan_of(seed);
        const auto outcome = test::simulate(plan);
        events += outcome.events;
        faults += outcome.faults;
        in_batches += outcome.in_batches;
        by_script += outcome.by_script;
        conflicts += outcome.conflicts;
        BOOST_TEST(outcome.violation.empty(),
                   "SIMULATION_SEED=" << seed << " SIMULATION_EVENTS=" << plan.events << ": after "
                                      << outcome.events << " events " << outcome.violation);
    }
    std::cout << events << " events, " << faults << " broken connections, " << in_batches
              << " reports in batches, " << by_script << " by script, " << conflicts << " conflicts, "
              << seeds << " seeds from " << first << '\n';
    BOOST_TEST(in_batches > events / 5);
    BOOST_TEST(by_script > events / 5);
}

BOOST_AUTO_TEST_CASE(a_seed_replays_its_run) {
    const auto first = test::simulate({.seed = 5, .events = 1000});
    const auto second = test::simulate({.seed = 5, .events = 1000});
    BOOST_TEST(first.violation == "");
    BOOST_TEST(first.digest == second.digest);
    BOOST_TEST(first.faults > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

// The command line of hourglass simulate, as a plan.
#include "cli/failure.hpp"
#include "cli/simulate_options.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;
using Weights = std::array<double, 4>;

BOOST_AUTO_TEST_SUITE(cli_simulate)

BOOST_AUTO_TEST_CASE(reactions_are_weights_by_name) {
    BOOST_TEST((parse_reactions("honour") == Weights{1, 0, 0, 0}));
    BOOST_TEST((parse_reactions("ignore=1,honour=8,nak=2") == Weights{8, 0, 2, 1}));
    for (const auto* text :
         {"", "obey", "honour=", "honour=x", "honour=1x", "honour=-1", "honour=0", "nak,,"})
        BOOST_TEST(!parse_reactions(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(options_become_a_plan) {
    SimulateOptions options;
    options.loss_percent = 5;
    options.repeat_after_ms = 300;
    options.seed = 7;
    const auto plan = plan_of(options);
    BOOST_TEST(plan.weather.loss == 0.05);
    BOOST_TEST((plan.repeat_after == std::chrono::milliseconds(300)));
    BOOST_TEST(plan.seed == 7U);
    BOOST_TEST(plan.network.to_string() == "127.77.0.0/16");
    BOOST_TEST(plan.auth.port() == 1812);
    BOOST_TEST(plan_of(options).run != plan.run);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_said) {
    const auto refuses = [](const auto& change) {
        SimulateOptions options;
        change(options);
        try {
            plan_of(options);
        } catch (const Failure& failure) {
            return failure.status() == ExitStatus::usage;
        }
        return false;
    };
    BOOST_TEST(refuses([](auto& options) { options.server = "nowhere"; }));
    BOOST_TEST(refuses([](auto& options) { options.server = "192.0.2.1"; }));  // and no network
    BOOST_TEST(refuses([](auto& options) { options.network = "127.0.0.0/40"; }));
    BOOST_TEST(refuses([](auto& options) { options.secret_file = "/nonexistent"; }));
    BOOST_TEST(refuses([](auto& options) {
        options.users = simulated_devices_max;
        options.plan.devices = 2;
    }));
}

BOOST_AUTO_TEST_SUITE_END()

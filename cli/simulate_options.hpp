// The command line of `hourglass simulate`.
#pragma once

#include "nas/plan.hpp"

#include <CLI/CLI.hpp>

namespace hourglass::cli {

struct SimulateOptions {
    nas::Plan plan{};  // what the other fields say is put into it by plan_of
    std::size_t users = 20;
    std::string users_file{};
    std::chrono::seconds balance = std::chrono::hours(1);
    std::int64_t organization = 1;
    std::string prefix = "sim";
    bool keep{};

    std::string server = "127.0.0.1";
    std::uint16_t auth_port = 1812;
    std::uint16_t acct_port = 1813;
    std::string network{};
    std::string secret = "testing123";
    std::string secret_file{};
    std::int64_t repeat_after_ms = 1000;
    double loss_percent = 2;
    double repeats_percent = 2;
    double disorder_percent = 2;
    double timeouts_ignored_percent = 0;
    std::optional<std::uint64_t> seed{};
};

inline constexpr std::size_t simulated_devices_max = 100'000;
inline constexpr std::chrono::seconds simulated_duration_max = std::chrono::days(30);
inline constexpr auto simulated_network = "127.77.0.0/16";

void add_simulate_flags(CLI::App& command, SimulateOptions& options);

// What the options ask for, with a run and a seed of its own unless one was given. Throws Failure for what
// makes no sense.
nas::Plan plan_of(const SimulateOptions& options);

// "honour=90,nak=10" as weights in the order of nas::Reaction; nullopt if it is no such list.
std::optional<std::array<double, nas::reaction_names.size()>> parse_reactions(const std::string& text);

}  // namespace hourglass::cli

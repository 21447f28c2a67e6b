#include "cli/simulate_options.hpp"

#include "cli/duration.hpp"
#include "cli/failure.hpp"
#include "cli/usage.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <random>
#include <sstream>

namespace hourglass::cli {

namespace asio = boost::asio;

namespace {

constexpr double speed_max = 3600;

constexpr auto requirements =
    R"(The daemon must know the fleet as NASes. Each has an address of its own, which this machine has anyway:
  [[radius.client]]
  name = "simulate"
  address = "127.77.0.0/16"
  secret = "testing123"

Exit status 1 if a second was lost or charged twice; then the users are kept. Ctrl-C ends the run early.)";

// Without the text that CLI11 would add to the help.
CLI::Validator within(double least, double most) {
    return CLI::Range(least, most).description("");
}

std::chrono::seconds duration_of(const char* flag, const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration || *duration > simulated_duration_max)
        throw CLI::ValidationError(flag, "\"" + text + "\" is no time such as 90, 5m, 1h30m");
    return *duration;
}

void add_duration(CLI::App& command, const char* flag, std::chrono::seconds& value, const char* help) {
    command.add_option_function<std::string>(
        flag, [&value, flag](const std::string& text) { value = duration_of(flag, text); },
        std::string(help) + "; " + format_duration(value));
}

void add_percentage(CLI::App& command, const char* flag, double& value, const std::string& help) {
    std::ostringstream text;
    text << help << ", in percent; " << value;
    command.add_option(flag, value, text.str())->check(within(0, 100));
}

void add_fleet_flags(CLI::App& command, SimulateOptions& options) {
    auto& plan = options.plan;
    command.add_option("--users", options.users, "Users to create; 20")
        ->check(within(1, simulated_devices_max));
    command.add_option("--users-file", options.users_file,
                       "Users that exist instead: a line each, user name, a space, password");
    command.add_option("--devices", plan.devices, "Devices of each user; 1")->check(within(1, 100));
    command.add_option("--nases", plan.nases, "NASes; 3")->check(within(1, 10'000));
    add_duration(command, "--for", plan.duration, "How long");
    add_duration(command, "--ramp", plan.ramp, "Time over which the first logins are spread");
    add_duration(command, "--stay", plan.stay, "Length of a session, between half of it and one and a half");
    add_duration(command, "--pause", plan.pause, "Time between two sessions of a device, likewise");
    add_duration(command, "--interim", plan.interim,
                 "Interval of Interim-Updates, 0: as the daemon asks for");
    command
        .add_option("--speed", plan.speed,
                    "Seconds that a NAS counts in one second; what the daemon times itself does not follow")
        ->check(within(1, speed_max));
    command.add_option("--seed", options.seed, "The same seed, the same decisions; otherwise a new one");
}

void add_account_flags(CLI::App& command, SimulateOptions& options) {
    add_duration(command, "--balance", options.balance, "Time that each user gets");
    command.add_option("--organization", options.organization, "Organization of the users, by id; 1");
    command.add_option("--prefix", options.prefix, "Beginning of the user names; sim");
    command.add_flag("--keep", options.keep, "Do not remove the users at the end");
}

void add_fault_flags(CLI::App& command, SimulateOptions& options) {
    auto& plan = options.plan;
    add_percentage(command, "--loss", options.loss_percent, "Datagrams that are lost, both ways");
    add_percentage(command, "--repeats", options.repeats_percent, "Datagrams that arrive twice");
    add_percentage(command, "--disorder", options.disorder_percent, "Datagrams that are overtaken");
    command.add_option_function<std::string>(
        "--reboot-every",
        [&plan](const std::string& text) { plan.reboot_every = duration_of("--reboot-every", text); },
        "Each NAS loses power about so often, without a word for its sessions; never");
    command.add_option_function<std::string>(
        "--on-disconnect",
        [&plan](const std::string& text) {
            const auto weights = parse_reactions(text);
            if (!weights) {
                throw CLI::ValidationError(
                    "--on-disconnect", "\"" + text + "\" gives no weights to honour, ack_only, nak, ignore");
            }
            plan.reactions = *weights;
        },
        "What becomes of Disconnect- and CoA-Requests, such as honour=8,ack_only=1,nak=1,ignore=1; honour=1");
    add_percentage(command, "--ignore-timeout", options.timeouts_ignored_percent,
                   "Sessions that go on past their Session-Timeout");
    command
        .add_option("--repeat-after-ms", options.repeat_after_ms,
                    "When a request is repeated first, then after twice the time, and so on; 1000")
        ->check(within(10, 60'000));
    add_duration(command, "--patience", plan.patience, "When a request is given up, and the daemon too");
}

void add_network_flags(CLI::App& command, SimulateOptions& options) {
    command.add_option("--server", options.server, "IPv4 address of the RADIUS server; 127.0.0.1");
    command.add_option("--auth-port", options.auth_port, "1812");
    command.add_option("--acct-port", options.acct_port, "1813");
    command.add_option("--coa-port", options.plan.coa_port, "Where the NASes listen; 3799");
    auto* secret = command.add_option("--secret", options.secret, "Shared secret of the NASes; testing123");
    command.add_option("--secret-file", options.secret_file, "File that holds it")->excludes(secret);
    command.add_option("--network", options.network,
                       std::string("Addresses of the NASes, or with /32 the one of all; ") +
                           simulated_network + " if the server is on this machine");
}

std::string secret_of(const SimulateOptions& options) {
    if (options.secret_file.empty()) return options.secret;
    std::ifstream file(options.secret_file);
    std::string secret;
    if (!std::getline(file, secret) || secret.empty())
        throw Failure(ExitStatus::usage, "There is no secret in " + options.secret_file + ".");
    return secret;
}

asio::ip::address_v4 server_of(const SimulateOptions& options) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address_v4(options.server, error);
    if (error) throw Failure(ExitStatus::usage, "\"" + options.server + "\" is no IPv4 address.");
    return address;
}

asio::ip::network_v4 network_of(const SimulateOptions& options, bool is_on_this_machine) {
    if (options.network.empty() && !is_on_this_machine) {
        throw Failure(ExitStatus::usage,
                      "The server is on another machine: say by --network where the NASes are.",
                      "For example this machine's own address, as in --network 192.0.2.7/32.");
    }
    const auto text = options.network.empty() ? simulated_network : options.network;
    boost::system::error_code error;
    const auto network = asio::ip::make_network_v4(text, error);
    if (error || network.prefix_length() == 0 || network.prefix_length() == 31)
        throw Failure(ExitStatus::usage, "\"" + text + "\" is no network such as 127.77.0.0/16.");
    return network.prefix_length() == 32 ? network : network.canonical();
}

std::string random_digits() {
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", std::random_device{}());
    return digits.data();
}

}  // namespace

void add_simulate_flags(CLI::App& command, SimulateOptions& options) {
    add_fleet_flags(command, options);
    add_account_flags(command, options);
    add_fault_flags(command, options);
    add_network_flags(command, options);
    command.footer(requirements);
}

nas::Plan plan_of(const SimulateOptions& options) {
    auto plan = options.plan;
    const auto server = server_of(options);
    plan.auth = {server, options.auth_port};
    plan.acct = {server, options.acct_port};
    plan.secret = secret_of(options);
    plan.network = network_of(options, server.is_loopback());
    plan.seed = options.seed.value_or(std::random_device{}());
    plan.run = random_digits();
    plan.weather = {.loss = options.loss_percent / 100,
                    .repeats = options.repeats_percent / 100,
                    .disorder = options.disorder_percent / 100};
    plan.timeouts_ignored = options.timeouts_ignored_percent / 100;
    plan.repeat_after = std::chrono::milliseconds(options.repeat_after_ms);
    if (options.users * plan.devices > simulated_devices_max) {
        throw Failure(ExitStatus::usage,
                      "These are more than " + std::to_string(simulated_devices_max) + " devices.");
    }
    return plan;
}

std::optional<std::array<double, nas::reaction_names.size()>> parse_reactions(const std::string& text) {
    std::array<double, nas::reaction_names.size()> weights{};
    std::istringstream items(text);
    for (std::string item; std::getline(items, item, ',');) {
        const auto equals = std::min(item.find('='), item.size());
        const auto row = std::ranges::find(nas::reaction_names, item.substr(0, equals));
        unsigned weight = 1;
        if (equals < item.size()) {
            const auto [end, error] =
                std::from_chars(item.data() + equals + 1, item.data() + item.size(), weight);
            if (error != std::errc{} || end != item.data() + item.size()) return std::nullopt;
        }
        if (row == nas::reaction_names.end()) return std::nullopt;
        weights[static_cast<std::size_t>(row - nas::reaction_names.begin())] = weight;
    }
    const bool has_weight = std::ranges::any_of(weights, [](double weight) { return weight > 0; });
    return has_weight ? std::optional(weights) : std::nullopt;
}

}  // namespace hourglass::cli

// The `hourglass` tool: reads the command line, finds the daemon and the token, runs one command.
#include "cli/commands.hpp"
#include "cli/configuration.hpp"
#include "cli/self_description.hpp"
#include "cli/table.hpp"
#include "cli/usage.hpp"

#include <iostream>
#include <memory>

namespace {

using namespace hourglass::cli;

std::string footer() {
    std::string text = "Exit status:\n";
    for (const auto& row : exit_meanings) {
        text += "  " + std::to_string(static_cast<int>(row.status)) + "  " + std::string(row.meaning) + "\n";
    }
    return text +
           "\nURL, token and CA file are looked for on the command line, in HOURGLASS_URL, HOURGLASS_TOKEN "
           "and\n"
           "HOURGLASS_CA_FILE, in ~/.config/hourglass.toml (url = \"…\", token = \"…\", ca_file = \"…\"), "
           "and the\n"
           "token last in " +
           first_token_file + ".";
}

// Texts of servers and from the command line may hold anything: each line is made printable by itself.
void complain(const Failure& failure) {
    std::string_view left = failure.what();
    while (!left.empty()) {
        const auto end = std::min(left.find('\n'), left.size());
        std::cerr << "hourglass: " << printable(left.substr(0, end)) << '\n';
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    if (!failure.advice().empty()) std::cerr << printable(failure.advice()) << '\n';
}

ExitStatus run(const Command& command, const Flags& flags, bool as_json) {
    Api api(configure(flags, this_machine()));
    Context context{.api = api, .out = std::cout, .as_json = as_json};
    const auto status = command(context);
    std::cout.flush();
    if (!std::cout) throw Failure(ExitStatus::refused, "The output could not be written.");
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App line{"Administers an Hourglass daemon through its API.", "hourglass"};
    Flags flags;
    bool as_json{};
    Command command;
    line.add_option("--url", flags.url, std::string("Where the API listens; default ") + default_url);
    auto* token =
        line.add_option("--token", flags.token, "API token; beware, command lines can be seen by others");
    line.add_option("--token-file", flags.token_file, "File that holds the API token")->excludes(token);
    line.add_option("--ca-file", flags.ca_file,
                    "File with the certificate (PEM) that an https URL must be vouched for by");
    line.add_flag("--json", as_json, "Print JSON, for scripts");
    line.set_version_flag("--version", "hourglass " HOURGLASS_VERSION);
    line.formatter(std::make_shared<HelpFormatter>());
    line.require_subcommand(1);
    line.fallthrough();
    line.footer("hourglass --help tells of --url, --token-file, --ca-file, --json and the exit status.");
    add_commands(line, command);
    line.footer(footer());

    if (const auto description = describe_itself(line, {argv + 1, argv + argc})) {
        std::cout << *description;
        return 0;
    }
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return line.exit(error);  // --help, --version
        complain(explain_mistake(line, error));
        return static_cast<int>(ExitStatus::usage);
    }
    try {
        return static_cast<int>(run(command, flags, as_json));
    } catch (const Failure& failure) {
        complain(failure);
        return static_cast<int>(failure.status());
    }
}

// hourglassd: the command line, and the one place where a sentence for the operator ends the program.
#include "daemon/app.hpp"
#include "daemon/credentials.hpp"
#include "daemon/data_version.hpp"
#include "daemon/dictionary_files.hpp"
#include "daemon/logging.hpp"
#include "daemon/restore.hpp"
#include "daemon/settings.hpp"
#include "daemon/tls_certificate.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <unistd.h>

namespace {

using namespace hourglass;
using namespace hourglass::daemon;

struct Options {
    std::string config = default_settings_file;
    bool must_exist{};
    std::string log_format;
    bool check{};
    bool print_config{};
    bool example{};
    bool manual{};
    bool restore{};
    bool migrate{};
    bool dry_run{};
};

void describe(CLI::App& command_line, Options& options) {
    command_line.set_version_flag("--version", "hourglassd " HOURGLASS_VERSION);
    command_line.add_option("--config", options.config, "Settings file")->capture_default_str();
    command_line
        .add_option("--log-format", options.log_format,
                    "auto, journal, text or json; instead of daemon.log_format")
        ->check(CLI::IsMember({"auto", "journal", "text", "json"}));
    auto* const one_of = command_line.add_option_group("Instead of running");
    one_of->add_flag("--check", options.check, "Check the settings file");
    one_of->add_flag("--print-config", options.print_config,
                     "Print every setting, its value and where it was set");
    one_of->add_flag("--example", options.example, "Print a settings file that explains every setting");
    one_of->add_flag("--manual", options.manual, "Print the manual of the settings, in Markdown");
    one_of->add_flag("--restore", options.restore,
                     "Fill an empty store from a backup; \"hourglass restore\" calls this");
    auto* const migrate = one_of->add_flag("--migrate", options.migrate,
                                           "Bring the data to this version, as each start does, and end");
    one_of->require_option(0, 1);
    command_line.add_flag("--dry-run", options.dry_run, "With --migrate: say what would be done")
        ->needs(migrate);
}

void warn_if_exposed(const Configuration& configuration, Log& log) {
    namespace fs = std::filesystem;
    if (configuration.clients.empty()) return;
    const auto mode = fs::status(configuration.file).permissions();
    if ((mode & fs::perms::others_read) == fs::perms::none) return;
    log.warning("The settings hold secrets, and every user of this machine can read them",
                {
                    {"file", configuration.file}
    });
}

Logging make_log(const Configuration& configuration, const Options& options) {
    const auto& format =
        options.log_format.empty() ? configuration.settings.daemon_log_format : options.log_format;
    return {parse_log_format(format).value(),
            parse_log_level(configuration.settings.daemon_log_level).value()};
}

void serve(Configuration configuration, const Options& options) {
    auto log = make_log(configuration, options);
    warn_if_exposed(configuration, log);
    for (const auto& warning : warnings_of(configuration))
        log.warning(warning);
    // A peer that went away, and a file at its limit (RLIMIT_FSIZE), are error codes, not the end.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    App(std::move(configuration), log).run();
}

void check_certificate(const Settings& settings) {
    const bool is_handed_over =
        is_credential(settings.api_tls_certificate) || is_credential(settings.api_tls_key);
    if (is_handed_over && !has_credentials()) {
        std::cerr << "hourglassd: The certificate is a credential, which only the service sees: it was not "
                     "checked.\n";
    } else {
        load_certificate(settings);
    }
}

void run(const Options& options) {
    if (options.example) {
        std::cout << example_configuration();
        return;
    }
    if (options.manual) {
        std::cout << settings_manual();
        return;
    }
    auto configuration = load_configuration(options.config, options.must_exist);
    if (options.check) {
        check_certificate(configuration.settings);
        for (const auto& warning : warnings_of(configuration))
            std::cerr << "hourglassd: " << warning << '\n';
        const auto warning = load_dictionary(configuration.settings).warning;
        if (!warning.empty()) std::cerr << "hourglassd: " << warning << ".\n";
        std::cout << configuration.file
                  << (configuration.has_file ? " is good.\n" : " does not exist: all defaults.\n");
    } else if (options.print_config) {
        std::cout << print_configuration(configuration);
    } else if (options.restore) {
        auto log = make_log(configuration, options);
        std::cout << restore(configuration, STDIN_FILENO, log);
    } else if (options.migrate) {
        auto log = make_log(configuration, options);
        std::cout << migrate(configuration, options.dry_run, log);
    } else {
        serve(std::move(configuration), options);
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App command_line("Hourglass, a RADIUS/AAA daemon for prepaid time");
    Options options;
    describe(command_line, options);
    CLI11_PARSE(command_line, argc, argv);
    options.must_exist = command_line.count("--config") > 0;

    try {
        run(options);
        return 0;
    } catch (const std::exception& failure) {
        std::cerr << "hourglassd: " << failure.what() << '\n';
        return 1;
    }
}

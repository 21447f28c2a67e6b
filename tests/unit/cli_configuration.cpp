#include "cli/configuration.hpp"
#include "cli/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace hourglass::cli;

namespace {

// A machine made up of environment variables and files.
struct Machine {
    std::map<std::string, std::string> environment{
        {"HOME", "/home/ann"}
    };
    std::map<std::string, std::string> files;

    Configuration configured(const Flags& flags = {}) const {
        const auto look_up = [](const auto& map, const std::string& key) -> std::optional<std::string> {
            const auto found = map.find(key);
            if (found == map.end()) return std::nullopt;
            return found->second;
        };
        return configure(flags,
                         {.environment = [&](const auto& name) { return look_up(environment, name); },
                          .read_file = [&](const auto& path) { return look_up(files, path.string()); }});
    }
};

constexpr auto settings_file = "/home/ann/.config/hourglass.toml";

bool is_usage(const Failure& failure) {
    return failure.status() == ExitStatus::usage;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_configuration)

BOOST_AUTO_TEST_CASE(nothing_said_means_this_machine_without_a_token) {
    const auto configuration = Machine().configured();
    BOOST_TEST(configuration.url_text == "http://127.0.0.1:8080");
    BOOST_TEST(!configuration.token);
}

BOOST_AUTO_TEST_CASE(command_line_then_environment_then_file_then_the_first_token) {
    Machine machine;
    machine.files[first_token_file] = "hg_first\n";
    BOOST_TEST(*machine.configured().token == "hg_first");

    machine.files[settings_file] = "url = \"http://file:1\"\ntoken = \"hg_file\"\n";
    BOOST_TEST(*machine.configured().token == "hg_file");
    BOOST_TEST(machine.configured().url.host == "file");

    machine.environment["HOURGLASS_URL"] = "http://environment:1";
    machine.environment["HOURGLASS_TOKEN"] = "hg_environment";
    BOOST_TEST(*machine.configured().token == "hg_environment");
    BOOST_TEST(machine.configured().url.host == "environment");

    machine.files["/tmp/t"] = " hg_named_file \n";
    BOOST_TEST(*machine.configured({.token_file = "/tmp/t"}).token == "hg_named_file");

    const auto flagged = machine.configured({.url = "http://flag:1", .token = "hg_flag"});
    BOOST_TEST(*flagged.token == "hg_flag");
    BOOST_TEST(flagged.url.host == "flag");
}

BOOST_AUTO_TEST_CASE(url_and_token_are_looked_for_each_by_itself) {
    Machine machine;
    machine.files[settings_file] = "token = \"hg_file\"";
    machine.environment["HOURGLASS_URL"] = "http://environment:1";
    const auto configuration = machine.configured();
    BOOST_TEST(*configuration.token == "hg_file");
    BOOST_TEST(configuration.url.host == "environment");
}

// Otherwise `--url` with a typing error would hand the administrator's token to a stranger.
BOOST_AUTO_TEST_CASE(the_daemons_first_token_is_sent_to_this_machine_only) {
    Machine machine;
    machine.files[first_token_file] = "hg_first";
    BOOST_TEST(!machine.configured({.url = "http://198.51.100.7:8080"}).token);
    BOOST_TEST(machine.configured({.url = "http://[::1]:8080"}).token.has_value());
}

BOOST_AUTO_TEST_CASE(xdg_config_home_moves_the_settings_file) {
    Machine machine;
    machine.environment["XDG_CONFIG_HOME"] = "/x";
    machine.files["/x/hourglass.toml"] = "token = \"hg_xdg\"";
    BOOST_TEST(*machine.configured().token == "hg_xdg");
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_a_usage_error) {
    Machine machine;
    BOOST_CHECK_EXCEPTION(machine.configured({.url = "ftp://host"}), Failure, is_usage);
    BOOST_CHECK_EXCEPTION(machine.configured({.token_file = "/none"}), Failure, is_usage);
    BOOST_CHECK_EXCEPTION(machine.configured({.token = "a\r\nHost: b"}), Failure, is_usage);

    machine.files[settings_file] = "token = \n";
    BOOST_CHECK_EXCEPTION(machine.configured(), Failure, is_usage);
    machine.files[settings_file] = "token = 5\n";
    BOOST_CHECK_EXCEPTION(machine.configured(), Failure, is_usage);
}

BOOST_AUTO_TEST_SUITE_END()

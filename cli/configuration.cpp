#include "cli/configuration.hpp"

#include "cli/failure.hpp"

#include <toml.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace hourglass::cli {

namespace {

struct FileSettings {
    std::optional<std::string> url;
    std::optional<std::string> token;
    std::optional<std::string> ca_file;
};

std::optional<std::filesystem::path> settings_path(const Surroundings& surroundings) {
    if (const auto directory = surroundings.environment("XDG_CONFIG_HOME")) {
        return std::filesystem::path(*directory) / "hourglass.toml";
    }
    if (const auto home = surroundings.environment("HOME")) {
        return std::filesystem::path(*home) / ".config/hourglass.toml";
    }
    return std::nullopt;
}

std::optional<std::string> text_of(const toml::value& table, const std::string& key) {
    if (!table.contains(key)) return std::nullopt;
    return toml::find<std::string>(table, key);
}

FileSettings read_settings(const Surroundings& surroundings) {
    const auto path = settings_path(surroundings);
    if (!path) return {};
    const auto text = surroundings.read_file(*path);
    if (!text) return {};
    try {
        std::istringstream stream(*text);
        const auto table = toml::parse(stream, path->string());
        return {.url = text_of(table, "url"),
                .token = text_of(table, "token"),
                .ca_file = text_of(table, "ca_file")};
    } catch (const toml::exception& error) {
        throw Failure(ExitStatus::usage, path->string() + ", line " +
                                             std::to_string(error.location().line()) +
                                             ": not TOML with the texts `url`, `token` and `ca_file`.");
    }
}

std::optional<std::string> trimmed(std::optional<std::string> text) {
    if (!text) return std::nullopt;
    constexpr auto space = " \t\r\n";
    text->erase(0, text->find_first_not_of(space));
    text->erase(text->find_last_not_of(space) + 1);
    if (text->empty()) return std::nullopt;
    return text;
}

// A line end in a token would end its header line, and what follows would be read as headers of its own.
void expect_header_safe(const std::optional<std::string>& token) {
    if (!token) return;
    for (const char c : *token) {
        if (c <= ' ' || c > '~') {
            throw Failure(ExitStatus::usage, "The API token holds characters that no token has.");
        }
    }
}

std::optional<std::string> token_from_file(const std::string& path, const Surroundings& surroundings) {
    const auto token = trimmed(surroundings.read_file(path));
    if (!token) throw Failure(ExitStatus::usage, path + ": no token can be read from this file.");
    return token;
}

}  // namespace

Surroundings this_machine() {
    return {
        .environment = [](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());
            if (value == nullptr || *value == '\0') return std::nullopt;
            return value;
        },
        .read_file = [](const std::filesystem::path& path) -> std::optional<std::string> {
            std::ifstream stream(path);
            if (!stream) return std::nullopt;
            return std::string(std::istreambuf_iterator<char>(stream), {});
        },
    };
}

Configuration configure(const Flags& flags, const Surroundings& surroundings) {
    const auto file = read_settings(surroundings);

    auto url_text = flags.url;
    if (!url_text) url_text = surroundings.environment("HOURGLASS_URL");
    if (!url_text) url_text = file.url;
    if (!url_text) url_text = default_url;
    const auto url = parse_url(*url_text);
    if (!url) {
        throw Failure(
            ExitStatus::usage,
            "\"" + *url_text + "\" is not a URL of the form https://host:port or http://host:port.");
    }

    auto token = trimmed(flags.token);
    if (!token && flags.token_file) token = token_from_file(*flags.token_file, surroundings);
    if (!token) token = trimmed(surroundings.environment("HOURGLASS_TOKEN"));
    if (!token) token = trimmed(file.token);
    if (!token && url->is_loopback()) token = trimmed(surroundings.read_file(first_token_file));
    expect_header_safe(token);

    auto ca_file = flags.ca_file;
    if (!ca_file) ca_file = surroundings.environment("HOURGLASS_CA_FILE");
    if (!ca_file) ca_file = file.ca_file;

    return {.url = *url, .url_text = *url_text, .token = token, .ca_file = ca_file};
}

}  // namespace hourglass::cli

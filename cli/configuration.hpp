// Where the daemon is and with which token to speak to it: command line, then environment, then
// ~/.config/hourglass.toml, then the default; each by itself.
#pragma once

#include "cli/url.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace hourglass::cli {

inline constexpr const char* default_url = "http://127.0.0.1:8080";
inline constexpr const char* first_token_file = "/var/lib/hourglass/admin.token";

// What --url, --token, --token-file and --ca-file said.
struct Flags {
    std::optional<std::string> url{};
    std::optional<std::string> token{};
    std::optional<std::string> token_file{};
    std::optional<std::string> ca_file{};
};

struct Configuration {
    Url url;
    std::string url_text;
    std::optional<std::string> token;    // none: only `status` works without
    std::optional<std::string> ca_file;  // whom https trusts; none: whom this machine trusts
};

// What the machine around us holds; tests hand in their own.
struct Surroundings {
    std::function<std::optional<std::string>(const std::string& name)> environment;
    // nullopt: no such file, or not readable by us.
    std::function<std::optional<std::string>(const std::filesystem::path& path)> read_file;
};

Surroundings this_machine();

// The daemon's own first token is the last resort, and only for a URL on this machine. Throws Failure for a
// URL, file or token that makes no sense.
Configuration configure(const Flags& flags, const Surroundings& surroundings);

}  // namespace hourglass::cli

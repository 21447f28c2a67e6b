#include "daemon/credentials.hpp"

#include "daemon/settings.hpp"

#include <cstdlib>

namespace hourglass::daemon {

namespace {

constexpr const char* variable = "CREDENTIALS_DIRECTORY";
constexpr std::string_view prefix = "$CREDENTIALS_DIRECTORY/";

const char* directory() {
    return std::getenv(variable);
}

}  // namespace

bool is_credential(std::string_view path) {
    if (!path.starts_with(prefix)) return false;
    const auto name = path.substr(prefix.size());
    return !name.empty() && name.find('/') == std::string_view::npos && name != "." && name != "..";
}

bool has_credentials() {
    return directory() != nullptr;
}

std::string find_credential(const std::string& path) {
    if (!is_credential(path)) return path;
    if (!has_credentials()) {
        throw SettingsError(
            path + " is a credential, and the service manager handed over none; see LoadCredential= " +
            "in systemd.exec(5).");
    }
    return directory() + ("/" + path.substr(prefix.size()));
}

}  // namespace hourglass::daemon

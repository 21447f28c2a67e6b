// Files that the service manager hands over (LoadCredential= in systemd.exec(5)), which a setting names by
// the directory that the manager tells the service: "$CREDENTIALS_DIRECTORY/tls.key".
#pragma once

#include <string>
#include <string_view>

namespace hourglass::daemon {

// Such a path, with a file name behind the directory.
bool is_credential(std::string_view path);

// False outside the service, such as for `hourglassd --check` in a shell or before a reload.
bool has_credentials();

// A credential's own path; any other path as it is. Throws SettingsError with a sentence if there are none
// here.
std::string find_credential(const std::string& path);

}  // namespace hourglass::daemon

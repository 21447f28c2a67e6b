// The first line of a backup (api/backup.cpp): what it is, and the secrets that its data are worth nothing
// without.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::daemon {

struct BackupHead {
    std::string version;  // of the daemon
    std::uint64_t schema{};
    std::string taken_at;
    int database{};  // of Redis, in which it was
    std::string secret_key;
    std::string first_token;  // with its end of line; empty: its file was gone
};

inline constexpr std::size_t backup_head_octets_max = 64 * 1024;

// Throws std::runtime_error with a sentence: it is no backup, or a newer daemon's.
BackupHead parse_backup_head(std::string_view line);

}  // namespace hourglass::daemon

// The key of a backup, which only the operator has: a file of 32 octets, or a passphrase.
#pragma once

#include "cli/sealing.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace hourglass::cli {

struct BackupKeyOptions {
    std::string key_file;
    std::string passphrase_file;
};

void add_backup_key_options(CLI::App& command, BackupKeyOptions& options);

// Both throw Failure: a file that cannot be read, that others can read too, or that holds no key; nobody at
// the terminal. Without a file the passphrase is asked for, a new one twice.
SealingKey key_for_new_backup(const BackupKeyOptions& options);
SealingKey key_for_backup(const BackupKeyOptions& options, SealingKey::Kind kind);

}  // namespace hourglass::cli

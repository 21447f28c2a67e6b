#include "cli/backup_key.hpp"

#include "cli/part_file.hpp"
#include "cli/terminal.hpp"

#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr std::size_t key_file_octets_max = 4096;

std::string read_secret_file(const std::string& name) {
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw cannot("read", name);
    struct stat status{};
    std::array<char, key_file_octets_max> octets{};
    const auto size = ::fstat(file, &status) == 0 ? ::read(file, octets.data(), octets.size()) : -1;
    const auto failure = cannot("read", name);
    ::close(file);
    if (size < 0) throw failure;
    if (S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0) {
        throw Failure(ExitStatus::usage, name + " can be read by every user of this machine.",
                      "chmod 0600 " + name + " keeps it from them.");
    }
    return {octets.data(), static_cast<std::size_t>(size)};
}

SealingKey read_key_file(const std::string& name) {
    auto octets = read_secret_file(name);
    if (octets.size() != sealing_key_octets) {
        throw Failure(ExitStatus::usage,
                      name + " holds " + std::to_string(octets.size()) + " octets, and a key has " +
                          std::to_string(sealing_key_octets) + ".",
                      "openssl rand -out " + name + " 32 makes one.");
    }
    return {SealingKey::Kind::octets, std::move(octets)};
}

SealingKey read_passphrase_file(const std::string& name) {
    auto line = read_secret_file(name);
    line.resize(std::min(line.find('\n'), line.size()));
    if (line.empty()) throw Failure(ExitStatus::usage, name + " holds no passphrase in its first line.");
    return {SealingKey::Kind::passphrase, std::move(line)};
}

}  // namespace

void add_backup_key_options(CLI::App& command, BackupKeyOptions& options) {
    auto* const key_file =
        command.add_option("--key-file", options.key_file, "File with the key, 32 random octets");
    command
        .add_option("--passphrase-file", options.passphrase_file,
                    "File with the passphrase in its first line; without a file it is asked for")
        ->excludes(key_file);
}

SealingKey key_for_new_backup(const BackupKeyOptions& options) {
    if (!options.key_file.empty()) return read_key_file(options.key_file);
    if (!options.passphrase_file.empty()) return read_passphrase_file(options.passphrase_file);
    return {SealingKey::Kind::passphrase, ask_new_passphrase()};
}

SealingKey key_for_backup(const BackupKeyOptions& options, SealingKey::Kind kind) {
    if (!options.key_file.empty()) return read_key_file(options.key_file);
    if (!options.passphrase_file.empty()) return read_passphrase_file(options.passphrase_file);
    if (kind == SealingKey::Kind::octets)
        throw Failure(ExitStatus::usage, "The backup was encrypted with a key file.", "Say --key-file FILE.");
    return {SealingKey::Kind::passphrase, ask_passphrase()};
}

}  // namespace hourglass::cli

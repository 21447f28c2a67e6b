#include "cli/part_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr mode_t of_owner = 0600;
constexpr mode_t of_everyone = 0666;

void sync_directory_of(const std::string& name) {
    const auto parent = std::filesystem::path(name).parent_path();
    const int directory = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    ::fsync(directory);  // some file systems cannot, and need not
    ::close(directory);
}

}  // namespace

Failure cannot(const std::string& what, const std::string& file) {
    return {ExitStatus::refused,
            file + " cannot be " + what + ": " + std::generic_category().message(errno) + "."};
}

PartFile::PartFile(std::string name, Readers readers)
    : name_(std::move(name)),
      part_(name_ + ".part"),
      descriptor_(name_ == "-" ? STDOUT_FILENO
                               : ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                        readers == Readers::owner ? of_owner : of_everyone)) {
    if (descriptor_ < 0) throw cannot("written", part_);
    if (is_stdout() || readers == Readers::everyone) return;
    if (::fchmod(descriptor_, of_owner) != 0) throw cannot("kept from others", part_);
}

PartFile::~PartFile() {
    if (is_stdout()) return;
    ::close(descriptor_);
    if (!is_complete_) ::unlink(part_.c_str());
}

void PartFile::write(std::string_view piece) const {
    while (!piece.empty()) {
        const auto octets = ::write(descriptor_, piece.data(), piece.size());
        if (octets < 0 && errno == EINTR) continue;
        if (octets < 0) throw cannot("written", is_stdout() ? "The output" : part_);
        piece.remove_prefix(static_cast<std::size_t>(octets));
    }
}

void PartFile::complete() {
    if (is_stdout()) return;
    if (::fsync(descriptor_) != 0 || ::rename(part_.c_str(), name_.c_str()) != 0)
        throw cannot("written", name_);
    is_complete_ = true;
    sync_directory_of(name_);
}

bool PartFile::is_stdout() const {
    return descriptor_ == STDOUT_FILENO;
}

}  // namespace hourglass::cli

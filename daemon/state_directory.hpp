// The directory of the daemon's own files, mode 0700, used by one daemon at a time: a lock is held on it for
// as long as the object lives, and the kernel lets go of it when the process ends, however it ends.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hourglass::daemon {

// Closes its file descriptor.
class File {
public:
    File() = default;
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() { close(); }
    File(File&& other) noexcept : descriptor_(other.release()) {}
    File& operator=(File&& other) noexcept;

    int get() const { return descriptor_; }
    int release();
    void close();

private:
    int descriptor_ = -1;
};

class StateDirectory {
public:
    // Throws std::runtime_error with a sentence: cannot be made, belongs to others, or is in use.
    explicit StateDirectory(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    File lock_;
};

// Puts `text` into `path` (mode 0600) so that after a crash at any moment there is either the old file or the
// new one, and after the return the new one. Throws std::system_error.
void replace_file(const std::filesystem::path& path, std::string_view text);

// Makes what was created or renamed in it survive a loss of power.
void sync_directory(const std::filesystem::path& path);

// nullopt-like: an empty text if the file does not exist. Throws std::system_error.
std::string read_file(const std::filesystem::path& path);

}  // namespace hourglass::daemon

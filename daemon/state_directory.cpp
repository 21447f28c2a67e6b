#include "daemon/state_directory.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::daemon {

namespace {

constexpr mode_t private_directory = 0700;
constexpr mode_t private_file = 0600;

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

File open_file(const std::filesystem::path& path, int flags) {
    File file(::open(path.c_str(), flags | O_CLOEXEC, private_file));
    if (file.get() < 0) fail(path);
    return file;
}

void write_all(const File& file, std::string_view text, const std::filesystem::path& path) {
    while (!text.empty()) {
        const auto written = ::write(file.get(), text.data(), text.size());
        if (written < 0 && errno != EINTR) fail(path);
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

File& File::operator=(File&& other) noexcept {
    if (this != &other) {
        close();
        descriptor_ = other.release();
    }
    return *this;
}

int File::release() {
    return std::exchange(descriptor_, -1);
}

void File::close() {
    if (descriptor_ >= 0) ::close(release());
}

StateDirectory::StateDirectory(const std::filesystem::path& path) : path_(path) {
    std::error_code failure;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failure);
    if (::mkdir(path.c_str(), private_directory) != 0 && errno != EEXIST) {
        throw std::runtime_error("The state directory " + path.string() + " cannot be made: " +
                                 std::generic_category().message(errno) + " (daemon.state_dir).");
    }

    const auto lock_path = path / "lock";
    lock_ = File(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, private_file));
    if (lock_.get() < 0) {
        throw std::runtime_error("The state directory " + path.string() + " cannot be used: " +
                                 std::generic_category().message(errno) + " (daemon.state_dir).");
    }
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        throw std::runtime_error("Another hourglassd is running on the state directory " + path.string() +
                                 " (daemon.state_dir).");
    }
}

void replace_file(const std::filesystem::path& path, std::string_view text) {
    auto part = path;
    part += ".part";
    {
        const auto file = open_file(part, O_WRONLY | O_CREAT | O_TRUNC);
        if (::fchmod(file.get(), private_file) != 0) fail(part);
        write_all(file, text, part);
        if (::fsync(file.get()) != 0) fail(part);
    }
    if (::rename(part.c_str(), path.c_str()) != 0) fail(path);
    sync_directory(path.parent_path());
}

void sync_directory(const std::filesystem::path& path) {
    const auto directory = open_file(path, O_RDONLY | O_DIRECTORY);
    if (::fsync(directory.get()) != 0) fail(path);
}

std::string read_file(const std::filesystem::path& path) {
    File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 && errno == ENOENT) return {};
    if (file.get() < 0) fail(path);

    std::string text;
    std::array<char, 4096> octets{};
    for (;;) {
        const auto size = ::read(file.get(), octets.data(), octets.size());
        if (size < 0 && errno != EINTR) fail(path);
        if (size == 0) return text;
        if (size > 0) text.append(octets.data(), static_cast<std::size_t>(size));
    }
}

}  // namespace hourglass::daemon

#include "daemon/owner.hpp"

#include <cerrno>
#include <grp.h>
#include <pwd.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::daemon {
namespace {

constexpr const char* usual_owner = "hourglass";
constexpr mode_t private_directory = 0700;

[[noreturn]] void fail(const std::filesystem::path& directory) {
    throw std::runtime_error("The state directory " + directory.string() +
                             " cannot be worked on as its owner: " + std::generic_category().message(errno) +
                             ".");
}

void make_for_usual_owner(const std::filesystem::path& directory) {
    const auto* const owner = ::getpwnam(usual_owner);
    if (owner == nullptr) return;
    if (::mkdir(directory.c_str(), private_directory) != 0 ||
        ::chown(directory.c_str(), owner->pw_uid, owner->pw_gid) != 0)
        fail(directory);
}

}  // namespace

void become_owner_of(const std::filesystem::path& directory) {
    if (::geteuid() != 0) return;
    struct stat status{};
    if (::stat(directory.c_str(), &status) != 0) {
        make_for_usual_owner(directory);
        if (::stat(directory.c_str(), &status) != 0)
            return;  // it becomes root's, as a daemon's of root would
    }
    if (status.st_uid == 0) return;
    if (::setgroups(0, nullptr) != 0 || ::setgid(status.st_gid) != 0 || ::setuid(status.st_uid) != 0)
        fail(directory);
}

}  // namespace hourglass::daemon

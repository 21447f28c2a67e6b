#include "daemon/condition.hpp"

#include "daemon/settings.hpp"

#include <sys/statvfs.h>

namespace hourglass::daemon {

std::string find_mistake(const std::string& settings_file, bool must_exist) {
    try {
        load_configuration(settings_file, must_exist);
        return {};
    } catch (const SettingsError& mistake) {
        return mistake.what();
    }
}

std::optional<api::Disk> measure_disk(const std::filesystem::path& directory) {
    struct statvfs figures{};
    if (statvfs(directory.c_str(), &figures) != 0) return std::nullopt;
    return api::Disk{.path = directory,
                     .octets = figures.f_blocks * figures.f_frsize,
                     .octets_free = figures.f_bavail * figures.f_frsize};
}

}  // namespace hourglass::daemon

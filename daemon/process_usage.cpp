#include "daemon/process_usage.hpp"

#include <array>
#include <dirent.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace hourglass::daemon {

namespace {

std::uint64_t count_open_files() {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), closedir);
    std::uint64_t count = 0;
    while (directory && readdir(directory.get()) != nullptr)
        ++count;
    constexpr std::uint64_t not_counted = 3;  // "." and "..", and the directory itself
    return count > not_counted ? count - not_counted : 0;
}

std::uint64_t open_files_limit() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace

// Field numbers are those of proc_pid_stat(5).
ProcessUsage measure_process() {
    std::ifstream file("/proc/self/stat");
    std::string stat((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto name_end = stat.rfind(')');
    if (name_end == std::string::npos) return {};

    constexpr std::size_t first_field = 3;  // right after the name
    std::array<std::string, 25> fields;
    std::istringstream words(stat.substr(name_end + 1));
    for (std::size_t field = first_field; field < fields.size(); ++field)
        words >> fields[field];

    const auto number = [&](std::size_t field) { return std::stoull("0" + fields[field]); };
    const auto ticks_a_second = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_octets = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return {
        .cpu_seconds = static_cast<double>(number(14) + number(15)) / ticks_a_second,
        .resident_octets = number(24) * page_octets,
        .virtual_octets = number(23),
        .open_files = count_open_files(),
        .open_files_max = open_files_limit(),
        .threads = number(20),
    };
}

}  // namespace hourglass::daemon

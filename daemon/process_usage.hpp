// What the process costs, from /proc/self.
#pragma once

#include <cstdint>

namespace hourglass::daemon {

struct ProcessUsage {
    double cpu_seconds{};
    std::uint64_t resident_octets{};
    std::uint64_t virtual_octets{};
    std::uint64_t open_files{};
    std::uint64_t open_files_max{};
    std::uint64_t threads{};
};
ProcessUsage measure_process();

}  // namespace hourglass::daemon

// What is measured now and then for /metrics, so that no scrape has to ask Redis or the disk.
#pragma once

#include "store/store_state.hpp"

#include <chrono>
#include <filesystem>
#include <optional>

namespace hourglass::daemon {

struct VitalSigns {
    std::optional<store::StoreState> store;  // nullopt: Redis gave no answer
    std::chrono::nanoseconds redis_answered_in{};
    // Of the file system with the state directory; for the daemon's user.
    std::uint64_t disk_octets{};
    std::uint64_t disk_octets_free{};
};

awaitable<VitalSigns> measure_vital_signs(store::RedisConnection& redis,
                                          std::filesystem::path state_directory);

}  // namespace hourglass::daemon

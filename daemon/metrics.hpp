// /metrics: the OpenMetrics 1.0 text. Names and units follow its conventions; each family is named once.
#pragma once

#include "radius/counters.hpp"
#include "store/journal.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::store {
struct LedgerCounts;
struct UserMemoryCounts;
}  // namespace hourglass::store

namespace hourglass::daemon {

// What the process costs, from /proc/self.
struct ProcessUsage {
    double cpu_seconds{};
    std::uint64_t resident_octets{};
    std::uint64_t virtual_octets{};
    std::uint64_t open_files{};
    std::uint64_t threads{};
};
ProcessUsage measure_process();

struct MetricsSources {
    std::vector<const radius::Counters*> workers;
    std::vector<const store::UserMemoryCounts*> user_memories{};  // of each worker
    std::vector<const store::LedgerCounts*> ledgers{};  // of each worker, and of what the journal brings
    std::array<std::uint64_t, 5> api_replies{};         // by status class, from 1xx
    std::chrono::sys_seconds certificate_expires_at{};  // the epoch: there is none
    bool is_store_safe{};
    std::uint64_t redis_connections{};        // that there should be
    std::uint64_t redis_connections_ready{};  // that there are
    std::uint64_t redis_reconnects{};
    std::uint64_t radius_clients{};
    std::uint64_t events_published{};
    std::uint64_t events_dropped{};
    std::uint64_t event_listeners{};
    std::uint64_t event_listeners_dropped{};
    std::optional<store::JournalState> journal{};  // nullopt: there is none
    std::chrono::system_clock::time_point started_at;
    ProcessUsage process;
};
std::string format_metrics(const MetricsSources& sources);

}  // namespace hourglass::daemon

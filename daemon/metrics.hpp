// /metrics: everything that is counted and measured, each family once. Names and units follow
// OpenMetrics 1.0. How many series there are depends on the daemon's own tables, never on users, NASes or
// what they send.
#pragma once

#include "api/traffic.hpp"
#include "daemon/exposition.hpp"
#include "daemon/nas_traffic.hpp"
#include "daemon/process_usage.hpp"
#include "daemon/vital_signs.hpp"
#include "radius/counters.hpp"
#include "store/journal.hpp"

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

struct MetricsSources {
    std::vector<const radius::Counters*> workers;
    std::vector<const store::UserMemoryCounts*> user_memories{};  // of each worker
    std::vector<const store::LedgerCounts*> ledgers{};  // of each worker, and of what the journal brings
    std::vector<api::RouteTraffic> api_traffic{};
    api::AuditCounts audit{};
    std::chrono::sys_seconds certificate_expires_at{};  // the epoch: there is none
    bool is_ready{};
    bool is_store_safe{};
    NasTraffic::Reading nas_traffic{};
    VitalSigns vital_signs{};
    std::uint64_t redis_connections{};        // that there should be
    std::uint64_t redis_connections_ready{};  // that there are
    std::uint64_t redis_connections_behind{};
    std::uint64_t redis_reconnects{};
    std::uint64_t radius_clients{};
    std::uint64_t events_published{};
    std::uint64_t events_dropped{};
    std::uint64_t event_listeners{};
    std::uint64_t event_listeners_dropped{};
    std::optional<store::JournalState> journal{};  // nullopt: there is none
    std::chrono::system_clock::time_point started_at{};
    ProcessUsage process{};
};
std::string format_metrics(const MetricsSources& sources, api::MetricsFormat format);

}  // namespace hourglass::daemon

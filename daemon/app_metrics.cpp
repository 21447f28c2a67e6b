// What is gathered from all parts for /metrics.
#include "daemon/app.hpp"
#include "daemon/metrics.hpp"

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::steady_clock::duration vital_signs_interval = 10s;

}  // namespace

awaitable<void> App::keep_vital_signs() {
    while (!is_stopping_) {
        vital_signs_.set(co_await measure_vital_signs(store_.redis, state_directory_.path()));
        co_await sleep(vital_signs_interval);
    }
}

// Called on the API's thread; all it reads is constant by then, published, atomic, or the API's own.
std::string App::metrics(api::MetricsFormat format) const {
    MetricsSources sources;
    sources.is_ready = is_ready();
    sources.is_store_safe = is_safe_;
    sources.radius_clients = clients_;
    sources.nas_traffic = nas_traffic_shown_.get();
    sources.vital_signs = vital_signs_.get();
    sources.started_at = started_at_;
    sources.certificate_expires_at = certificate_expires_at_;
    sources.process = measure_process();
    sources.api_traffic = api_->server().traffic();
    sources.audit = api_->server().audit_counts();
    for (const auto& worker : workers_) {
        sources.workers.push_back(&worker->server().counters());
        sources.user_memories.push_back(&worker->user_memory());
        sources.ledgers.push_back(&worker->ledger());
    }
    sources.ledgers.push_back(&store_.report_batches.counts());
    sources.workers.push_back(&sender_->counters());
    sources.workers.push_back(&endings_.counters());
    sources.events_published = store_.events.published();
    sources.events_dropped = store_.events.dropped();
    sources.event_listeners = api_->server().event_listeners();
    sources.event_listeners_dropped = api_->server().dropped_event_listeners();
    for_each_service([&](const auto& service) {
        sources.events_published += service.events().published();
        sources.events_dropped += service.events().dropped();
        ++sources.redis_connections;
        sources.redis_connections_ready += service.is_redis_ready() ? 1 : 0;
        sources.redis_connections_behind += service.is_redis_behind() ? 1 : 0;
        sources.redis_reconnects += service.reconnects();
    });
    if (journal_) sources.journal = journal_->state();
    return format_metrics(sources, format);
}

}  // namespace hourglass::daemon

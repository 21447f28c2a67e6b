// The HTTP server of the REST API: one acceptor an address, one coroutine a connection, on the API's own
// event loop and with its own connection to Redis.
#pragma once

#include "api/condition.hpp"
#include "api/packet_trace.hpp"
#include "api/rule_judge.hpp"
#include "api/traffic.hpp"
#include "api/user_name.hpp"
#include "store/journal.hpp"
#include "store/log.hpp"
#include "store/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::store {
struct Store;
}

namespace hourglass::api {

// OpenMetrics 1.0, or what Prometheus had before it (0.0.4).
enum class MetricsFormat : std::uint8_t { open_metrics, prometheus };

using TlsContext = boost::asio::ssl::context;

struct Settings {
    std::vector<boost::asio::ip::tcp::endpoint> listen;
    std::int64_t default_user_time = 0;  // seconds; user_time of a POST that leaves it out
    std::vector<boost::asio::ip::address>
        trusted_proxies;              // whose X-Forwarded-For, -Host and -Proto are believed
    std::shared_ptr<TlsContext> tls;  // null: plain HTTP
    // A socket that the process before us listened on there, for the server to own; -1: there is none.
    std::function<int(const boost::asio::ip::tcp::endpoint&)> find_bound{};
};

// What the API is told of the rest of the daemon, and what it asks of it.
struct Health {
    std::function<bool()> is_ready;                                 // for /readyz: store reachable and safe
    std::function<std::string(MetricsFormat)> metrics;              // the text of /metrics
    std::function<std::optional<store::JournalState>()> journal{};  // nullopt: there is none
    std::function<Condition()> condition{};                         // for /status/
    // After a write of the registry: returns when every worker of this daemon goes by it.
    std::function<awaitable<void>()> put_in_force{};
    // Before sightings of NASes are shown: returns when the store knows what the workers of this daemon know.
    std::function<awaitable<void>()> gather_sightings{};
    // For a backup: the first administrator's token as its file has it; empty: it is gone.
    std::function<std::string()> first_token{};
};

class Server {
public:
    // One thread runs the loop. It has stopped, or drain() is done, when the server goes.
    // Binds; throws boost::system::system_error whose what() names the endpoint.
    Server(boost::asio::io_context& loop, store::Store& store, const Settings& settings, Health health,
           Log& log);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    // On the server's loop only; before the first call nothing can be explained.
    void replace(ExplainLogin explain_login);
    // On the server's loop only; before the first call any attributes will do.
    void replace(JudgeRules judge_rules);
    // The same; before the first call any name will do.
    void replace(WhyUnusable why_unusable);
    // On the server's loop only; before the first call there is no room for a trace.
    void replace(OpenTrace open_trace);
    // On the server's loop only.
    void replace(const store::LedgerRules& rules);
    // Accepts no more; requests in hand are answered with Connection: close. Then `on_drained`.
    void drain(std::function<void()> on_drained);
    // For the connections to come. On the loop's thread.
    void replace_tls(std::shared_ptr<TlsContext> tls);
    std::vector<boost::asio::ip::tcp::endpoint> endpoints() const;  // as bound, where port 0 was asked for
    std::vector<int> descriptors();                                 // until drain()

    // On the server's loop only.
    std::vector<RouteTraffic> traffic() const;
    AuditCounts audit_counts() const;

    // May be read from any thread.
    std::uint64_t requests() const;
    std::uint64_t replies(unsigned status_class) const;  // 1 to 5, as in 2xx
    std::uint64_t event_listeners() const;
    std::uint64_t dropped_event_listeners() const;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace hourglass::api

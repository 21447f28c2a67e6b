#include "api/server.hpp"

#include "api/connection.hpp"
#include "api/limits.hpp"
#include "api/peer.hpp"
#include "api/problem.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <random>
#include <sstream>
#include <unistd.h>

namespace hourglass::api {
namespace {

using boost::asio::ip::tcp;
constexpr auto as_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr std::chrono::milliseconds accept_retry_delay{100};  // out of descriptors, mostly

// `bound`: a socket that listens there already, or -1.
tcp::acceptor listen_on(boost::asio::io_context& loop, const tcp::endpoint& endpoint, int bound) {
    if (bound >= 0) return {loop, endpoint.protocol(), bound};
    boost::system::error_code error;
    tcp::acceptor acceptor(loop);
    const auto step = [&](auto operation) {
        if (!error) operation();
    };
    step([&] { acceptor.open(endpoint.protocol(), error); });
    step([&] { acceptor.set_option(tcp::acceptor::reuse_address(true), error); });
    step([&] {
        if (endpoint.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(true), error);
    });
    step([&] { acceptor.bind(endpoint, error); });
    step([&] { acceptor.listen(tcp::acceptor::max_listen_connections, error); });
    if (error) {
        std::ostringstream name;
        name << "api.listen " << endpoint;
        throw boost::system::system_error(error, name.str());
    }
    return acceptor;
}

std::string random_prefix() {
    std::ostringstream text;
    text << std::hex << std::random_device{}();
    return text.str();
}

// Said without waiting: whoever comes when all places are taken does not get one to be told so.
void turn_away(tcp::socket socket) {
    constexpr std::string_view reply =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Type: application/json\r\n"
        "Content-Length: 36\r\nConnection: close\r\n\r\n{\"detail\":\"Too many connections.\"}\r\n";
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(boost::asio::buffer(reply), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

awaitable<result<LoginAnswer>> explain_nothing(LoginQuestion, store::Store&) {
    co_return LoginAnswer(LoginExplanation{});
}

TraceAnswer open_nothing(const TraceQuestion&) {
    return std::unique_ptr<PacketTrace>();
}

}  // namespace

class Server::Implementation {
public:
    Implementation(boost::asio::io_context& loop, store::Store& store, const Settings& settings,
                   Health health, Log& log)
        : loop_(loop),
          events_(loop, store.events, log),
          environment_{.store = store,
                       .settings = settings,
                       .health = std::move(health),
                       .log = log,
                       .events = events_,
                       .explain_login = explain_nothing,
                       .open_trace = open_nothing},
          connections_{.environment = environment_,
                       .counters = counters_,
                       .request_id_prefix = random_prefix(),
                       .open = {}} {
        for (const auto& endpoint : settings.listen)
            acceptors_.push_back(
                listen_on(loop, endpoint, settings.find_bound ? settings.find_bound(endpoint) : -1));
    }

    void start() {
        for (auto& acceptor : acceptors_)
            spawn(accept(acceptor));
        spawn(check_deadlines());
    }

    void drain(std::function<void()> on_drained) {
        on_drained_ = std::move(on_drained);
        connections_.is_draining = true;
        // Not acceptor.close(): where the service manager holds the socket too, that leaves it in our epoll
        // set.
        for (auto& acceptor : acceptors_)
            ::close(acceptor.release());
        for (auto* connection : connections_.open)
            connection->drain();
        events_.stop();
        report_if_drained();
    }

    std::vector<tcp::endpoint> endpoints() const {
        std::vector<tcp::endpoint> bound;
        for (const auto& acceptor : acceptors_)
            bound.push_back(acceptor.local_endpoint());
        return bound;
    }

    std::vector<int> descriptors() {
        std::vector<int> descriptors;
        for (auto& acceptor : acceptors_)
            descriptors.push_back(acceptor.native_handle());
        return descriptors;
    }

    void replace_tls(std::shared_ptr<TlsContext> tls) { environment_.settings.tls = std::move(tls); }

    const Counters& counters() const { return counters_; }
    AuditCounts audit_counts() const { return environment_.audited; }
    const EventFeed& events() const { return events_; }
    void replace(ExplainLogin explain_login) { environment_.explain_login = std::move(explain_login); }
    void replace(JudgeRules judge_rules) { environment_.judge_rules = std::move(judge_rules); }
    void replace(WhyUnusable why_unusable) { environment_.why_unusable = std::move(why_unusable); }
    void replace(OpenTrace open_trace) { environment_.open_trace = std::move(open_trace); }
    void replace(const store::LedgerRules& rules) { environment_.store.rules = rules; }

private:
    void spawn(awaitable<void> task) {
        boost::asio::co_spawn(loop_, std::move(task),
                              [&log = environment_.log](const std::exception_ptr& failure) {
                                  if (!failure) return;
                                  try {
                                      std::rethrow_exception(failure);
                                  } catch (const std::exception& bug) {
                                      log.error("connection failed", {
                                                                         {"error", bug.what()}
                                      });
                                  }
                              });
    }

    // The acceptor lives as long as this server.
    awaitable<void> accept(tcp::acceptor& acceptor) {
        boost::asio::steady_timer pause(loop_);
        while (!connections_.is_draining) {
            auto [error, socket] = co_await acceptor.async_accept(as_tuple);
            if (!acceptor.is_open()) break;
            if (error) {
                environment_.log.warning("accept failed", {
                                                              {"error", error.message()}
                });
                pause.expires_after(accept_retry_delay);
                co_await pause.async_wait(as_tuple);
            } else if (!make_room_for(socket)) {
                counters_.count_reply(nullptr, static_cast<unsigned>(http::status::service_unavailable));
                turn_away(std::move(socket));
            } else {
                spawn(serve(std::move(socket)));
            }
        }
    }

    // False: all places are taken by those who do not wait.
    bool make_room_for(const tcp::socket& newcomer) {
        error_code gone;
        const auto peer = newcomer.remote_endpoint(gone).address();
        const bool has_share = !is_trusted(peer, environment_.settings.trusted_proxies);
        if (has_share && connections_of(share_of(peer)) >= connections_per_client_max)
            return drop_longest_waiting(share_of(peer));
        return connections_.open.size() < connections_max || drop_longest_waiting(std::nullopt);
    }

    std::size_t connections_of(const address& share) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            connections_.open, [&](const auto* connection) { return connection->share() == share; }));
    }

    // Of one client, or of all.
    bool drop_longest_waiting(std::optional<address> share) {
        Connection* longest = nullptr;
        for (auto* connection : connections_.open) {
            if (!connection->waiting_since() || (share && connection->share() != *share)) continue;
            if (longest == nullptr || *connection->waiting_since() < *longest->waiting_since())
                longest = connection;
        }
        if (longest != nullptr) longest->drop();
        return longest != nullptr;
    }

    awaitable<void> check_deadlines() {
        while (!is_drained()) {
            deadline_check_.expires_after(deadline_check_interval);
            co_await deadline_check_.async_wait(as_tuple);
            const auto now = Stream::Clock::now();
            for (auto* connection : connections_.open)
                connection->expire(now);
        }
    }

    awaitable<void> serve(tcp::socket socket) {
        Connection connection(std::move(socket), environment_.settings.tls.get(), connections_);
        connections_.open.insert(&connection);
        std::exception_ptr bug;
        try {
            co_await connection.serve();
        } catch (...) {
            bug = std::current_exception();
        }
        connections_.open.erase(&connection);
        report_if_drained();
        if (bug) std::rethrow_exception(bug);
    }

    bool is_drained() const { return connections_.is_draining && connections_.open.empty(); }

    void report_if_drained() {
        if (!is_drained() || !on_drained_) return;
        deadline_check_.cancel();
        boost::asio::post(loop_, std::exchange(on_drained_, nullptr));
    }

    boost::asio::io_context& loop_;
    EventFeed events_;
    Environment environment_;
    Counters counters_;
    Connections connections_;
    boost::asio::steady_timer deadline_check_{loop_};
    std::vector<tcp::acceptor> acceptors_;
    std::function<void()> on_drained_;
};

Server::Server(boost::asio::io_context& loop, store::Store& store, const Settings& settings, Health health,
               Log& log)
    : implementation_(std::make_unique<Implementation>(loop, store, settings, std::move(health), log)) {}

Server::~Server() = default;

void Server::start() {
    implementation_->start();
}

void Server::replace(ExplainLogin explain_login) {
    implementation_->replace(std::move(explain_login));
}

void Server::replace(JudgeRules judge_rules) {
    implementation_->replace(std::move(judge_rules));
}

void Server::replace(WhyUnusable why_unusable) {
    implementation_->replace(std::move(why_unusable));
}

void Server::replace(OpenTrace open_trace) {
    implementation_->replace(std::move(open_trace));
}

void Server::replace(const store::LedgerRules& rules) {
    implementation_->replace(rules);
}

void Server::drain(std::function<void()> on_drained) {
    implementation_->drain(std::move(on_drained));
}

void Server::replace_tls(std::shared_ptr<TlsContext> tls) {
    implementation_->replace_tls(std::move(tls));
}

std::vector<tcp::endpoint> Server::endpoints() const {
    return implementation_->endpoints();
}

std::vector<int> Server::descriptors() {
    return implementation_->descriptors();
}

std::uint64_t Server::requests() const {
    return implementation_->counters().replies();
}

std::uint64_t Server::replies(unsigned status_class) const {
    return implementation_->counters().replies(status_class);
}

std::vector<RouteTraffic> Server::traffic() const {
    return implementation_->counters().traffic();
}

AuditCounts Server::audit_counts() const {
    return implementation_->audit_counts();
}

std::uint64_t Server::event_listeners() const {
    return implementation_->events().listeners();
}

std::uint64_t Server::dropped_event_listeners() const {
    return implementation_->events().dropped_listeners();
}

}  // namespace hourglass::api

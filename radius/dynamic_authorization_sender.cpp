#include "radius/dynamic_authorization_sender.hpp"

#include "radius/exchange_trace.hpp"
#include "radius/udp_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <random>

namespace hourglass::radius::dynamic_authorization {
namespace {

using boost::asio::ip::udp;
using Timer = boost::asio::steady_timer;

constexpr std::array outcome_counters{
#define OUTCOME(result) &Counters::dynamic_##result,
#include "radius/outcomes.def"
#undef OUTCOME
};

Counter& request_counter(Counters& counters, const Exchanges::Transmission& transmission) {
    if (transmission.is_repeat) return counters.dynamic_repeats;
    return transmission.kind == Kind::coa ? counters.coa_requests : counters.disconnect_requests;
}

Moment moment() {
    return {Timer::clock_type::now(),
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
}

// Without a choice of ports there is one.
Limits limits_from(const std::vector<udp::endpoint>& sources, Limits limits) {
    const bool may_choose = std::ranges::all_of(sources, [](const auto& each) { return each.port() == 0; });
    if (!may_choose) limits.source_ports = 1;
    return limits;
}

awaitable<void> next_turn() {
    return boost::asio::post(boost::asio::use_awaitable);
}

}  // namespace

class Sender::Implementation {
public:
    Implementation(boost::asio::io_context& loop, const std::vector<udp::endpoint>& sources,
                   std::shared_ptr<const Snapshot> snapshot, Log& log, const Limits& limits, Trace* trace)
        : loop_(loop),
          log_(log),
          trace_(trace),
          snapshot_(std::move(snapshot)),
          exchanges_(std::random_device{}(), limits_from(sources, limits)),
          wake_up_(loop) {
        for (const auto& source : sources)
            add_family(source);
    }

    void start() {
        for (auto& family : families_)
            listen(family, 0);
    }

    void stop() {
        is_stopping_ = true;
        for (const auto& family : families_)
            for (const auto& socket : family.sockets)
                socket->stop_waiting();
        wake_up_.cancel();
        exchanges_.stop();
        proceed();
    }

    void replace(std::shared_ptr<const Snapshot> snapshot) { snapshot_ = std::move(snapshot); }

    boost::asio::io_context& loop() { return loop_; }
    const Counters& counters() const { return counters_; }

    std::vector<udp::endpoint> endpoints() const {
        std::vector<udp::endpoint> endpoints;
        for (const auto& family : families_)
            endpoints.push_back(family.sockets.front()->endpoint());
        return endpoints;
    }

    std::size_t in_flight_limit(const boost::asio::ip::address& nas) const {
        const auto* client = snapshot_->clients.find(nas);
        return exchanges_.in_flight_limit({nas, client ? client->coa_port : std::uint16_t{}});
    }

    awaitable<Outcome> send(Request request) {
        const auto nas = request.nas.to_string();
        const auto session = request.session.acct_session_id;
        const auto user = request.session.user_name;
        const auto kind = request.kind;
        auto target = target_of(request.nas);
        Outcome outcome{Outcome::Result::unsendable, kind, {}};
        if (target) outcome = co_await exchange(std::move(request), *std::move(target));

        (counters_.*outcome_counters[static_cast<std::size_t>(outcome.result)]).add();
        tell(outcome, nas, user, session);
        co_return outcome;
    }

private:
    struct Family {
        udp::endpoint source;
        std::vector<std::unique_ptr<UdpSocket>> sockets;  // by source port; the first one at least
    };

    std::unique_ptr<UdpSocket> open(const udp::endpoint& source) {
        return std::make_unique<UdpSocket>(loop_, source, counters_, UdpSocket::Sharing::alone);
    }

    // On a machine without IPv6 no NAS can be reached by it either.
    void add_family(const udp::endpoint& source) {
        try {
            families_.push_back({.source = source, .sockets = {}});
            families_.back().sockets.push_back(open(source));
        } catch (const boost::system::system_error& failure) {
            const bool is_missing_family = failure.code() == boost::asio::error::address_family_not_supported;
            if (!is_missing_family || !source.address().is_unspecified()) throw;
            families_.pop_back();
        }
    }

    // Where a coroutine waits for its outcome.
    struct Waiter {
        Timer timer;  // never expires; cancelled with the outcome
        std::optional<Outcome> outcome;
    };

    std::optional<Exchanges::Target> target_of(const boost::asio::ip::address& nas) {
        const auto* client = snapshot_->clients.find(nas);
        if (!client || !family_of(nas)) return std::nullopt;
        return Exchanges::Target{udp::endpoint(nas, client->coa_port), client->secret.text()};
    }

    Family* family_of(const boost::asio::ip::address& nas) {
        const auto found = std::ranges::find_if(
            families_, [&](const Family& each) { return each.source.address().is_v4() == nas.is_v4(); });
        return found == families_.end() ? nullptr : &*found;
    }

    // Further ones are opened when they are first needed. nullptr: the system has none.
    UdpSocket* socket_for(const Exchanges::Transmission& transmission) {
        auto& family = *family_of(transmission.nas.address());
        while (family.sockets.size() <= transmission.source) {
            try {
                family.sockets.push_back(open(family.source));
            } catch (const boost::system::system_error& failure) {
                log_.error("Disconnect- and CoA-Requests need another source port, and there is none",
                           {
                               {"error", failure.what()}
                });
                return nullptr;
            }
            listen(family, family.sockets.size() - 1);
        }
        return family.sockets[transmission.source].get();
    }

    awaitable<Outcome> exchange(Request request, Exchanges::Target target) {
        const auto ticket = exchanges_.begin(std::move(request), std::move(target), moment().time);
        Waiter waiter{Timer(loop_, Timer::time_point::max()), std::nullopt};
        waiters_.emplace(ticket, &waiter);
        proceed();
        if (!waiter.outcome)
            co_await waiter.timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return *waiter.outcome;
    }

    void listen(Family& family, std::size_t source) {
        boost::asio::co_spawn(loop_, receive(*family.sockets[source], source),
                              [this](const std::exception_ptr& failure) { report(failure); });
    }

    awaitable<void> receive(UdpSocket& socket, std::size_t source) {
        while (!is_stopping_) {
            const auto [error] = co_await socket.wait_until_readable();
            if (error) co_return;
            while (!is_stopping_ && read_batch(socket, source) == UdpSocket::batch_datagrams_max)
                co_await next_turn();
        }
    }

    std::size_t read_batch(UdpSocket& socket, std::size_t source) {
        const auto batch = socket.receive();
        for (const auto& datagram : batch) {
            const auto error = exchanges_.receive(datagram.bytes, datagram.peer, source, moment().time);
            if (error) {
                drop(datagram, error);
            } else {
                trace_.note_answer(datagram.bytes, datagram.peer, source, snapshot_);
            }
        }
        proceed();
        return batch.size();
    }

    // Does what the exchanges say, and comes back when they want to.
    void proceed() {
        exchanges_.advance(moment());
        for (const auto& transmission : exchanges_.take_transmissions()) {
            request_counter(counters_, transmission).add();
            trace_.note_request(transmission, snapshot_);
            auto* const socket = socket_for(transmission);
            const bool is_queued = socket && socket->send(transmission.bytes, transmission.nas, {});
            if (!is_queued) counters_.drop_send_queue_full.add();
        }
        for (const auto& [ticket, outcome] : exchanges_.take_finished()) {
            const auto waiter = waiters_.extract(ticket).mapped();
            waiter->outcome = outcome;
            waiter->timer.cancel();
        }
        const auto next = exchanges_.next_wake_up();
        if (!next || (next_wake_up_ && *next_wake_up_ <= *next)) return;
        next_wake_up_ = next;
        wake_up_.expires_at(*next);
        wake_up_.async_wait([this](error_code error) {
            if (error) return;
            next_wake_up_.reset();
            proceed();
        });
    }

    void drop(const Datagram& datagram, error_code reason) {
        drop_counter(counters_, reason).add();
        if (!log_.is_enabled(LogLevel::debug)) return;
        const auto source = datagram.peer.address().to_string();
        const auto text = reason.message();
        log_.debug("answer dropped", {
                                         {"source", source},
                                         {"reason", text  }
        });
    }

    void tell(const Outcome& outcome, const std::string& nas, const std::string& user,
              const std::string& session) {
        const bool is_usual = outcome.result == Outcome::Result::acknowledged;
        const auto level = is_usual ? LogLevel::debug : LogLevel::info;
        if (!log_.is_enabled(level)) return;
        const auto cause =
            outcome.error_cause ? value_name(attr::error_cause, *outcome.error_cause) : std::string();
        log_.write(level,
                   outcome.kind == Kind::coa ? "CoA-Request has ended" : "Disconnect-Request has ended",
                   {
                       {"outcome",     name_of(outcome.result)},
                       {"nas",         nas                    },
                       {"user",        user                   },
                       {"session",     session                },
                       {"error_cause", cause                  }
        });
    }

    void report(const std::exception_ptr& failure) {
        if (!failure) return;
        counters_.handler_failures.add();
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            log_.error("answers to Disconnect- and CoA-Requests are no longer read",
                       {
                           {"error", error.what()}
            });
        }
    }

    boost::asio::io_context& loop_;
    Log& log_;
    ExchangeTrace trace_;
    Counters counters_;
    std::shared_ptr<const Snapshot> snapshot_;
    Exchanges exchanges_;
    std::unordered_map<Exchanges::Ticket, Waiter*> waiters_;
    Timer wake_up_;
    std::optional<Exchanges::Time> next_wake_up_;
    bool is_stopping_ = false;
    std::vector<Family> families_;
};

Sender::Sender(boost::asio::io_context& loop, const std::vector<udp::endpoint>& sources,
               std::shared_ptr<const Snapshot> snapshot, Log& log, const Limits& limits, Trace* trace)
    : implementation_(
          std::make_unique<Implementation>(loop, sources, std::move(snapshot), log, limits, trace)) {}
Sender::~Sender() = default;

// The coroutine runs on the sender's loop, and its outcome returns to the loop that asked.
awaitable<Outcome> Sender::send(Request request) {
    return boost::asio::co_spawn(implementation_->loop(), implementation_->send(std::move(request)),
                                 boost::asio::use_awaitable);
}
std::size_t Sender::in_flight_limit(const boost::asio::ip::address& nas) const {
    return implementation_->in_flight_limit(nas);
}
void Sender::start() {
    implementation_->start();
}
void Sender::stop() {
    implementation_->stop();
}
void Sender::replace(std::shared_ptr<const Snapshot> snapshot) {
    implementation_->replace(std::move(snapshot));
}
const Counters& Sender::counters() const {
    return implementation_->counters();
}
std::vector<udp::endpoint> Sender::endpoints() const {
    return implementation_->endpoints();
}

}  // namespace hourglass::radius::dynamic_authorization
